"""Who agreed to what: approvals of the promise, and decisions on entries, with their dates."""

from collections import defaultdict

from django.utils import timezone

from councils.money import pounds
from savings.models import Decision

from ..blocks import Column, number, section, table, text
from ..content import Content
from ..entries import Row
from ..printable import written
from .spoken import short_day, year


def people(content: Content) -> dict:
    return section(
        "Who signed, and when",
        text(
            "Nobody signs off what they recorded: the ledger refuses it. The decision on each entry stands with the "
            "entry below; here they are added up by person. Of several decisions on one entry the latest holds."
        ),
        _promise(content),
        _decisions(content),
    )


def _promise(content: Content) -> dict:
    columns = (
        Column("Version", 0.7),
        Column("Business case", 2.4),
        Column("Approved for", 1.8),
        Column("By", 1.5),
        Column("On", 1.1),
    )
    approved = [
        [
            f"{a.case.version}",
            written(a.case.title),
            written(a.council.name),
            written(a.approved_by.name),
            short_day(a.approved_at),
        ]
        for a in content.approvals
    ]
    held = {approval.case_id for approval in content.approvals}
    waiting = [[f"{c.version}", written(c.title), "nobody yet", "–", "–"] for c in content.cases if c.pk not in held]
    return table(
        "The promise: who approved which version for which member",
        columns,
        [*approved, *waiting],
        small=True,
        empty="No business case is recorded, so nothing is promised.",
    )


def _decisions(content: Content) -> dict:
    found = defaultdict(list)
    for row in content.banked:
        if row.outcome:
            found[row.decided_by, row.member, row.outcome, _for_one_gone(content, row)].append(row)
    columns = (
        Column("Decided by", 1.7),
        Column("On entries of", 1.7),
        Column("Decision", 1.3),
        number("Entries", 0.8),
        number("Amount", 1.4),
        Column("First", 1.1),
        Column("Last", 1.1),
        Column("Years", 1.3),
    )
    return table(
        "Decisions on banked entries",
        columns,
        [_decided(*key, rows) for key, rows in sorted(found.items())],
        small=True,
        empty="Nobody has decided on any entry.",
    )


def _for_one_gone(content: Content, row: Row) -> bool:
    """Whether it was decided after the member had passed on, by the people of its successor."""
    ended = content.ended.get(row.council)
    return bool(ended and row.decided_at and ended <= timezone.localdate(row.decided_at))


def _decided(who: str, member: str, outcome: str, as_successor: bool, rows: list) -> list[str]:
    first, last = min(row.decided_at for row in rows), max(row.decided_at for row in rows)
    years = sorted({row.year for row in rows})
    spread = year(years[0]) if len(years) == 1 else f"{year(years[0])} to {year(years[-1])}"
    return [
        f"{written(who)}, as successor" if as_successor else written(who),
        written(member),
        str(Decision.Outcome(outcome).label),
        f"{len(rows):,}",
        pounds(sum(row.pence for row in rows)),
        short_day(first),
        short_day(last),
        spread,
    ]
