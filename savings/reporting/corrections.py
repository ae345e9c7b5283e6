"""What was published of a partnership, which acts may have corrected it, and what it says now.

The figures are those every page shows: of a report the partnership's, through the year the report was made in; of a
closed return what its quarter adds up to. What was said is read from the ledger as it was at that moment.
"""

import datetime
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils import timezone

from councils.as_at import as_at
from councils.money import pounds
from councils.years import FinancialYear, Quarter, quarter_of
from partnerships.models import Approval, Partnership
from savings import words
from savings.models import (
    Charge,
    Decision,
    Dispute,
    DisputeOutcome,
    Distinction,
    DistinctionAcross,
    Entry,
    Published,
    ReportFile,
    Return,
    Support,
)
from savings.models.typed import Series

from . import closing, figures

EVER = datetime.datetime.min.replace(tzinfo=datetime.UTC)
DECIDED = {"signed_off": "signed off", "returned": "returned", "audited": "audited", "exception": "took exception to"}
#: How a page calls each figure, in its order.
CALLED = {
    "claimed": "Claimed savings", "counted": "Counted savings", "proven": "Proven savings",
    "disputed": "Openly disputed", "net_counted": "Counted, net of costs",
    "promised_to_date": "Promised, net of costs, to the year it was made",
    "promised_in_all": "Promised, net of costs, in all",
    "savings": "Savings banked for the quarter", "costs": "Costs banked for the quarter",
    "income": "Income banked for the quarter",
}  # fmt: skip
OF_REPORT = ("claimed", "counted", "proven", "disputed", "net_counted")  # and what is promised
OF_RETURN = ("savings", "costs", "income")


class Correction(NamedTuple):
    """Something done to what was recorded before, in words."""

    act: int
    did: str
    about: datetime.datetime  # it matters to what was published at or after this moment
    quarters: frozenset[tuple[int, datetime.date]] = frozenset()  # (council, first day): whose closed returns


class Source(NamedTuple):
    """A report, or a return as it was closed."""

    key: dict[str, int]  # {"report": id} or {"closing": id}
    council: int
    quarter: datetime.date | None
    said_at: datetime.datetime
    says: dict[str, int]  # its figures as they are now
    read: Callable[[], dict[str, int]]  # the same as they are being read: inside `as_at`, as they were

    def said(self) -> dict[str, int]:
        with as_at(self.said_at):
            return self.read()


class _Quarter(NamedTuple):
    partnership: Partnership
    council: int
    quarter: Quarter


def reports(partnership: Partnership, since: datetime.datetime, most: int) -> list[Source]:
    """Its reports made at or after `since` that say something else now than was told last, or were never looked at.

    At most `most`, oldest first. A report of a past moment is none: it will always say what the ledger said then. All
    reports made in one financial year say the same now, so this costs two queries for each of those years.
    """
    made = ReportFile.objects.filter(partnership=partnership, format="pdf", report__as_at=None, as_at__gte=since)
    span = made.aggregate(first=Min("as_at"), last=Max("as_at"))
    if span["first"] is None:
        return []
    first, last = (FinancialYear.containing(timezone.localdate(span[each])).start for each in ("first", "last"))
    found: list[Source] = []
    for year in range(first, last + 1):
        says = _of_report(partnership, datetime.date(year, 4, 1))
        told = Published.objects.filter(report=OuterRef("report"), told=says)
        changed = made.filter(as_at__gte=_begins_year(year), as_at__lt=_begins_year(year + 1)).exclude(Exists(told))
        read = partial(_of_report, partnership, datetime.date(year, 4, 1))
        for each in changed.order_by("as_at", "pk")[: most - len(found)]:
            found.append(Source({"report": each.report_id}, each.council_id, None, each.as_at, says, read))
    return found


def closings(partnership: Partnership, quarters: set[tuple[int, datetime.date]]) -> list[Source]:
    """The last closing of each return of `quarters` that was ever closed. A query, and some for each closing."""
    wanted = Q(pk__in=[])
    for council, first_day in quarters:
        wanted |= Q(council=council, quarter=first_day)
    last = Return.objects.filter(wanted, partnership=partnership, step=Return.Step.CLOSED)
    found = []
    for each in last.order_by("council_id", "quarter", "-sequence").distinct("council_id", "quarter"):
        read = partial(_of_return, _Quarter(partnership, each.council_id, Quarter.containing(each.quarter)))
        found.append(Source({"closing": each.pk}, each.council_id, each.quarter, each.stepped_at, read(), read))
    return found


def _of_report(partnership, on):
    found = figures.partnership_figures(partnership, on)
    promised = {
        "promised_to_date": found.total.net_promised,
        "promised_in_all": found.points[-1].promised if found.points else 0,
    }
    return {name: getattr(found.total, name) for name in OF_REPORT} | promised


def _of_return(one):
    total = closing.totals(one).quarter
    return {name: getattr(total, name) for name in OF_RETURN}


def corrections(partnership: Partnership, acts: list[int]) -> list[Correction]:
    """What `acts` did to anything recorded before, in act order; recording something new is none. Ten queries."""
    found = [
        *_entries(partnership, acts), *_charges(partnership, acts), *_decided(partnership, acts),
        *_distinct(partnership, acts), *_reopened(partnership, acts), *_elsewhere(partnership, acts),
        *_promised(partnership, acts),
    ]  # fmt: skip
    return sorted(found, key=lambda each: each.act)


def _entries(partnership, acts):
    """Reversals, and what was recorded for a quarter after its close. One line for an act."""
    by_act: dict[int, list[Entry]] = {}
    entries = Entry.objects.filter(act__in=acts, partnership=partnership, series=Series.BANKED)
    entries = entries.filter(Q(adjustment=True) | Q(reverses__isnull=False))
    for entry in entries.select_related("scheme", "reverses__scheme").order_by("pk"):
        by_act.setdefault(entry.act_id, []).append(entry)
    for act, some in by_act.items():
        one, quarters = some[0], frozenset((each.council_id, _quarter_of(each)) for each in some)
        if len(some) > 1:
            did = f"reversed or adjusted {len(some)} amounts, {pounds(sum(each.amount_pence for each in some))} in all"
        elif one.reverses_id:
            did = f"reversed {words.spoken(one.reverses)}"
        else:
            did = f"recorded {words.spoken(one)} after the quarter was closed"
        about = min(each.reverses.recorded_at if each.reverses else _begins(_quarter_of(each)) for each in some)
        yield Correction(act, did, about, quarters)


def _charges(partnership, acts):
    charges = Charge.objects.filter(act__in=acts, partnership=partnership, series=Series.BANKED)
    for each in charges.select_related("payer", "receiver", "reverses__payer", "reverses__receiver"):
        did = f"reversed the charge {words.spoken_charge(each.reverses)}" if each.reverses_id else (
            f"reported the charge {words.spoken_charge(each)}"
        )  # fmt: skip
        yield Correction(each.act_id, did, _begins(_quarter_of(each)))


def _decided(partnership, acts):
    """Decisions, proofs taken back, disputes and how they ended: each about an entry."""
    mine = {"act__in": acts, "entry__partnership": partnership}
    told: dict[int, list] = {}
    for model, did in (
        (Decision, lambda each: f"{DECIDED[each.outcome]} {words.spoken(each.entry)}"),
        (Support, lambda each: f"withdrew a document from {words.spoken(each.entry)}"),
        (Dispute, lambda each: f"disputed {words.spoken(each.entry)}"),
        (DisputeOutcome, lambda each: f"ended the dispute of {words.spoken(each.entry)}"),
    ):
        rows = model.objects.filter(**mine, **({"withdraws__isnull": False} if model is Support else {}))
        for each in rows.select_related("entry__scheme"):
            told.setdefault(each.act_id, []).append((did(each), each.entry.recorded_at))
    for act, some in told.items():
        more = f", and {len(some) - 1} more" if len(some) > 1 else ""
        yield Correction(act, some[0][0] + more, min(about for _, about in some))


def _distinct(partnership, acts):
    across = Q(partnership=partnership) | Q(other_partnership=partnership)
    for rows in (
        Distinction.objects.filter(act__in=acts, partnership=partnership),
        DistinctionAcross.objects.filter(across, act__in=acts),
    ):
        for each in rows:
            did = (
                "found two like claims to be two savings" if each.apart else "withdrew that two claims are two savings"
            )
            yield Correction(each.act_id, did, _begins_year(each.year))


def _reopened(partnership, acts):
    steps = Return.objects.filter(act__in=acts, partnership=partnership, step=Return.Step.REOPENED)
    for each in steps.select_related("council"):
        did = f"reopened the return of {each.council.short_name} for {words.quarter(each.quarter)}"
        yield Correction(each.act_id, did, each.stepped_at, frozenset([(each.council_id, each.quarter)]))


def _promised(partnership, acts):
    """Approvals: the first one of a council promises what nobody had promised yet, a later one restates it."""
    given = Approval.objects.filter(act__in=acts, partnership=partnership).select_related("case", "council")
    for each in given:
        did = f"approved version {each.case.version} of the business case “{each.case.title}”"
        yield Correction(each.act_id, f"{did} for {each.council.short_name}", EVER)


def _elsewhere(partnership, acts):
    """Claims in another partnership that change what counts here: no more is told of them."""
    here = Entry.objects.filter(act__in=acts, partnership=partnership).values("act")
    others = Entry.objects.filter(act__in=acts).exclude(partnership=partnership).exclude(act__in=here)
    for act in others.order_by().values_list("act", flat=True).distinct():
        yield Correction(act, "changed a claim in another partnership", EVER)


def _quarter_of(row):
    return Quarter(FinancialYear(row.year), 4 if row.month is None else quarter_of(row.month)).first_day


def _begins(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _begins_year(year):
    return _begins(datetime.date(year, 4, 1))
