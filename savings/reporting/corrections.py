"""What was published of a partnership, which acts may have corrected it, and what it says now.

The figures are those every page shows: of a report the partnership's, through the year the report was made in; of a
closed return what its quarter adds up to. What was said is read from the ledger as it was at that moment.
"""

import datetime
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from councils.as_at import as_at
from councils.money import pounds
from councils.years import FinancialYear, Quarter, quarter_of
from partnerships.models import Partnership
from savings import words
from savings.models import (
    Charge,
    Decision,
    Dispute,
    DisputeOutcome,
    Distinction,
    DistinctionAcross,
    Entry,
    ReportFile,
    Return,
    Support,
)
from savings.models.typed import Series

from . import closing, figures

EVER = datetime.datetime.min.replace(tzinfo=datetime.UTC)
MOST_REPORTS = 100  # of a partnership: who took an older one away has had many newer figures since
DECIDED = {"signed_off": "signed off", "returned": "returned", "audited": "audited", "exception": "took exception to"}
#: How a page calls each figure, in its order.
CALLED = {
    "claimed": "Claimed savings", "counted": "Counted savings", "proven": "Proven savings",
    "disputed": "Openly disputed", "net_counted": "Counted, net of costs",
    "savings": "Savings banked for the quarter", "costs": "Costs banked for the quarter",
    "income": "Income banked for the quarter",
}  # fmt: skip
OF_REPORT = ("claimed", "counted", "proven", "disputed", "net_counted")
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
    read: Callable[[], dict[str, int]]  # its figures as they are being read: now, or inside `as_at`

    def said(self) -> dict[str, int]:
        with as_at(self.said_at):
            return self.read()


class _Quarter(NamedTuple):
    partnership: Partnership
    council: int
    quarter: Quarter


def reports(partnership: Partnership) -> list[Source]:
    """Its newest reports of the present; one of a past moment will always say what the ledger said then."""
    found = ReportFile.objects.filter(partnership=partnership, format="pdf", report__as_at=None).order_by("-pk")
    return [
        Source(
            {"report": each.report_id}, each.council_id, None, each.as_at,
            partial(_of_report, partnership, timezone.localdate(each.as_at)),
        )
        for each in found[:MOST_REPORTS]
    ]  # fmt: skip


def closings(partnership: Partnership, quarters: set[tuple[int, datetime.date]]) -> list[Source]:
    """The last closing of each return of `quarters` that was ever closed. One query."""
    wanted = Q(pk__in=[])
    for council, first_day in quarters:
        wanted |= Q(council=council, quarter=first_day)
    last = Return.objects.filter(wanted, partnership=partnership, step=Return.Step.CLOSED)
    return [
        Source(
            {"closing": each.pk}, each.council_id, each.quarter, each.stepped_at,
            partial(_of_return, _Quarter(partnership, each.council_id, Quarter.containing(each.quarter))),
        )
        for each in last.order_by("council_id", "quarter", "-sequence").distinct("council_id", "quarter")
    ]  # fmt: skip


def _of_report(partnership, on):
    total = figures.partnership_figures(partnership, on).total
    return {name: getattr(total, name) for name in OF_REPORT}


def _of_return(one):
    total = closing.totals(one).quarter
    return {name: getattr(total, name) for name in OF_RETURN}


def corrections(partnership: Partnership, acts: list[int]) -> list[Correction]:
    """What `acts` did to anything recorded before, in act order; recording something new is none. Nine queries."""
    found = [
        *_entries(partnership, acts), *_charges(partnership, acts), *_decided(partnership, acts),
        *_distinct(partnership, acts), *_reopened(partnership, acts), *_elsewhere(partnership, acts),
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
            yield Correction(each.act_id, "found two like claims to be two savings", _begins_year(each.year))


def _reopened(partnership, acts):
    steps = Return.objects.filter(act__in=acts, partnership=partnership, step=Return.Step.REOPENED)
    for each in steps.select_related("council"):
        did = f"reopened the return of {each.council.short_name} for {words.quarter(each.quarter)}"
        yield Correction(each.act_id, did, each.stepped_at, frozenset([(each.council_id, each.quarter)]))


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
