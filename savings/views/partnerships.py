"""The list of partnerships, and a partnership's page: its figures, and beside them what was said in public."""

from django.db.models import Count, Prefetch
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from councils import carrying
from councils.chips import chips
from councils.money import short_pounds
from councils.rights import LEAD, RECORDING
from councils.years import FinancialYear
from partnerships.facts import facts
from partnerships.filters import PartnershipFilter
from partnerships.memberships import members_of, with_ends
from partnerships.models import Membership, Partnership
from partnerships.offering import offers_of
from partnerships.public_record import public_record
from partnerships.sight import sights
from partnerships.tables import PartnershipTable
from savings import addressing, charts, figure_rows, figure_tables
from savings.bridge import bridge
from savings.lasting import lasting
from savings.promised_originally import set_beside
from savings.reporting import asked, confirmed, figures, then
from savings.reporting.bridge import bridge_of
from savings.reporting.notes import notes_about
from savings.reporting.partnership_record import record_of
from savings.reporting.paying_back import paying_back_of

PER_PAGE = 50


@require_safe
def partnerships(request):
    """Those of the reader's councils, and those shown to them; to strangers the public ones. Seven queries."""
    today = timezone.localdate(request.now)
    filter_form = PartnershipFilter(request.GET, on=today)
    current = Membership.objects.current().select_related("council")
    found = (
        filter_form.narrow(Partnership.objects.with_kept())
        .select_related("ending")
        .annotate(claims=Count("public_claims", distinct=True))
        .prefetch_related("services__service", Prefetch("memberships", current))
    )
    table = PartnershipTable(found)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    known = figures.by_partnership([row.record.pk for row in table.paginated_rows], today)
    waiting = then.waiting([row.record.pk for row in table.paginated_rows])
    table.say = lambda partnership: standing(partnership, known.get(partnership.pk), partnership.pk in waiting)
    return render(
        request,
        "savings/partnerships/list.html",
        {
            "filter_form": filter_form,
            "chips": chips(filter_form, request),
            "table": table,
            "count": table.paginator.count,
        },
    )


def standing(partnership, total, waiting=False):
    """What is held, in a few words: `£120,000 net proven`, `8 published figures`, or that nothing is recorded."""
    if total and total.recorded:
        return f"{short_pounds(total.net_proven)} net proven"
    if not partnership.kept:
        return f"{partnership.claims} published figure{'' if partnership.claims == 1 else 's'}"
    if waiting:
        return "Being worked out: look again"
    return "Nothing recorded" if total else "Shown to its members"


@require_safe
def partnership(request, slug):
    partnership = get_object_or_404(Partnership.objects.with_kept().select_related("ending"), slug=slug)
    today = timezone.localdate(request.now)
    members = members_of(partnership, on=today)
    own = request.rights.councils() & {each.council.pk for each in members}
    page = {
        "partnership": partnership,
        "members": members,
        "own": own,
        "facts": facts(partnership),
        "public": public_record(partnership),
        "may_claim": bool(request.rights.councils(LEAD)),
        "carries": carrying.matters([each.council.pk for each in members], on=today),
    }
    if page["carries"] and not request.carried:
        page["members"] = with_ends(members, on=today)
    if own:
        page["sights"] = sights(request.rights, [partnership.pk], on=today)
        page |= {
            "record": record_of(partnership),
            "offers": offers_of(partnership, today),
            "may_invite": any(each.current for each in members if each.council.pk in request.rights.councils(LEAD)),
            "may_draft": bool(own & request.rights.councils(*RECORDING)),
            "notes": notes_about("partnership", partnership.slug, partnership=partnership),
            "said": confirmed.of_partnership(partnership, today),
            "waiting": asked.waiting(asked.requests(request.now).filter(partnership=partnership), request.now),
            "now": request.now,
        }
        page["paying_back"] = paying_back_of(page["record"].cases)
        page["said_total"] = confirmed.total(page["said"])
    page |= position(partnership, members, today, own=own)
    if own and page["record"].cases:
        page = set_beside(page, bridge_of(partnership), list({each.council: None for each in members}))
    return render(request, "savings/partnerships/page.html", page)


def position(partnership, members, today, *, own):
    """Everything the page says in figures, as far as they are shown to the reader; amounts open for members only."""
    through = FinancialYear.containing(today)
    found = figures.partnership_figures(partnership, today)
    if not own and not found.points:
        return {
            "figures": None,
            "past_waiting": bool(then.waiting([partnership.pk])),
            "past_by_the_day": then.only_by_the_day(),
        }
    fresh = figures.freshness(on=today, partnership=partnership)
    rows = figure_rows.of_members(members, found.members, partnership=partnership, open_to_reader=bool(own))
    opens = addressing.opened(partnership=partnership) if own else addressing.closed()
    return {
        "figures": found,
        "through": through,
        "sentence": figures.sentence(found.total, partnership.name, found.since),
        "chart": charts.cumulative(found.points, now=through.start),
        "members_chart": charts.members(found.members, name=partnership.name),
        "by_member": figure_tables.by_member(rows, found.total),
        "year_by_year": figure_tables.year_by_year(
            found.years, through=through.start,
            opens_of=figure_tables.opens_by_year(partnership=partnership) if own else lambda year: addressing.closed(),
        ),
        "taken_apart": figure_tables.taken_apart(found.total, opens),
        "costs": figure_tables.costs(found.total, opens),
        "beside": figure_tables.beside(found.total, opens),
        "lasting": lasting(found.points, on=today, partnership=partnership) if own else None,
        "opens": opens,
        "bridge": bridge([partnership.pk], through=through.start, partnership=partnership) if own else None,
        "fresh": fresh,
        "as_at": fresh.as_at,
    }  # fmt: skip
