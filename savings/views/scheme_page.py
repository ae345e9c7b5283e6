"""What the page of one scheme is made of: its facts and figures, what happened, quality, and the next step."""

from django.utils import timezone

from councils.rights import LEAD, RECORDING
from partnerships.models import Membership
from partnerships.sight import sights
from savings import quality_words
from savings.actions.schemes import AFTER, ANYBODYS, Status, current
from savings.analysis.rag import rule
from savings.models import Entry, IndicatorWaiver
from savings.models.typed import BenefitClass
from savings.reporting import scheme_page
from savings.reporting.listing import TOTAL_HEADERS, listed, listing, totals
from savings.reporting.notes import notes_about
from savings.reporting.schemes import class_words, kinds_of, only_costs, rated, scheme_years
from savings.scheme_tables import effect_table, year_table
from savings.tables import SchemeEntryTable

NEWEST = 20


def may(request, scheme):
    """(records, leads): whether this person records, and whether they lead, for a member of the partnership."""
    held = Membership.objects.current().filter(partnership=scheme.partnership_id)
    members = set(held.values_list("council", flat=True))
    rights = request.rights
    return bool(members & rights.councils(*RECORDING)), bool(members & rights.councils(LEAD))


def about(request, scheme):
    """The context of the page."""
    today = timezone.localdate(request.now)
    now, status = current(scheme), scheme.statuses.select_related("changed_by").order_by("-sequence").first()
    years = scheme_years([scheme.pk], today).get(scheme.pk, [])
    found = listing(Entry.objects.filter(scheme=scheme).order_by("-pk"))
    table = SchemeEntryTable(listed(found.ids[:NEWEST]), orderable=False)
    table.caption = "Newest entries"
    records, leads = may(request, scheme)
    failing = scheme_page.failing(scheme)
    readings = scheme_page.readings_of(now.indicator) if now.indicator_id else []
    kinds = kinds_of([scheme.pk]).get(scheme.pk, set())
    waiver = IndicatorWaiver.objects.filter(scheme=scheme).select_related("stated_by").order_by("-pk").first()
    return {
        "scheme": scheme,
        "sights": sights(request.rights, [scheme.partnership_id], on=today),
        "notes": notes_about("scheme", str(scheme.public_id), scheme=scheme),
        "now": now,
        "status": status,
        "rating": rated(status.status, status.delivery_score, years),
        "rule": rule(),
        "years": year_table(scheme, years, today),
        "effects": effect_table(scheme, years, live_on=getattr(now, "live_on", None), today=today),
        "totals": totals(found.ids) if found.ids and not found.overflows else [],
        "headers": TOTAL_HEADERS,
        "table": table if found.ids else None,
        "more": len(found.ids) > NEWEST,
        "history": scheme_page.history(scheme),
        "failing": [_failing(request, each) for each in failing],
        "agreed": quality_words.agreed(now.indicator) if now.indicator_id else "",
        "quality_chart": quality_words.chart(now.indicator, readings) if now.indicator_id else None,
        "waiver": waiver if not now.indicator_id else None,
        "class_proposed": class_words(now.benefit_class, kinds),
        "unmeasured": not now.indicator_id
        and not waiver
        and now.benefit_class == BenefitClass.CASH_RELEASING
        and not only_costs(kinds),
        "may_record": records,
        "leads": leads,
        "next": _next(status, records, leads),
        "may_step": leads or (records and _steps(status.status)),
    }


def _failing(request, each):
    """A bad reading in words, and whether this person may decide on it."""
    indicator, mine = each.reading.indicator, request.rights.may_sign_off(each.reading.council_id)
    return {
        "row": each,
        "read": quality_words.measured(indicator, each.reading.value),
        "decide": mine and each.open and each.reading.read_by_id != request.person.pk,
    }


def _steps(status):
    return [each for each in (Status(status), *AFTER[Status(status)]) if each in ANYBODYS]


def _next(status, records, leads):
    """One obvious next step, in words, and whether this person can take it; empty when there is none."""
    words = {
        Status.PROPOSED: ("It waits to be approved by a finance lead of a member.", "Approve or withdraw it", leads),
        Status.APPROVED: ("It is approved. Say so when it is under way.", "Say where it stands", records),
        Status.DELIVERING: (
            "It is under way. A finance lead says when the budget is removed and outturn confirms it.",
            "Say where it stands",
            records,
        ),
        Status.UNDELIVERABLE: ("It cannot be delivered; other funding replaced it.", "", False),
    }
    return words.get(Status(status.status), ("", "", False))
