"""How far each version of a promise has come, in words, and everything that happened to it."""

import datetime
from collections import defaultdict
from typing import Any, NamedTuple

from councils.models import Act
from partnerships.models import Approval, BusinessCase, PlannedCharge, PlannedLine

from .promised import Promise, promise

COLOURS = {
    "draft": "govuk-tag--grey", "submitted": "govuk-tag--yellow", "returned": "govuk-tag--orange",
    "withdrawn": "govuk-tag--grey", "superseded": "govuk-tag--grey",
}  # fmt: skip


class Happening(NamedTuple):
    at: datetime.datetime | None  # None: the reader may not see the act
    who: str
    did: str  # completes "Asha Rao …"
    why: str = ""


def words(state, approved, members):
    """`approved`: how many councils approved it, of `members` today."""
    if approved:
        whole = "Approved" if approved >= members else f"Approved for {approved} of {members} members"
        return f"{whole}; returned by another" if state == "returned" else whole
    return state.capitalize()


def colour(state, approved):
    return "govuk-tag--green" if approved else COLOURS[state]


def history(case, steps, approvals):
    """Oldest first. `steps` with council and person, `approvals` likewise. One query."""
    act = Act.objects.filter(pk=case.act_id).first()
    found: list[Any] = [
        Happening(step.stepped_at, step.stepped_by.name, f"{DID[step.step]} {step.council.short_name}", step.reason)
        for step in steps
    ]
    found += [
        Happening(each.approved_at, each.approved_by.name, f"approved it for {each.council.short_name}")
        for each in approvals
    ]
    return [
        Happening(act.at if act else None, case.drafted_by.name, "drafted it"),
        *sorted(found, key=lambda each: each[0]),
    ]


DID = {
    "submitted": "submitted it for", "returned": "returned it for", "withdrawn": "withdrew it for",
    "superseded": "drafted a later version, which takes its place, for",
}  # fmt: skip


class Version(NamedTuple):
    case: BusinessCase  # with `state`
    approved: int
    promise: Promise


def versions_of(partnership):
    """Every `Version`, latest first. Four queries."""
    cases = BusinessCase.objects.filter(partnership=partnership).with_state()
    approved: defaultdict[int, int] = defaultdict(int)
    for case in Approval.objects.filter(partnership=partnership).values_list("case", flat=True):
        approved[case] += 1
    lines, charges = defaultdict(list), defaultdict(list)
    for line in PlannedLine.objects.filter(partnership=partnership).select_related("council"):
        lines[line.case_id].append(line)
    for charge in PlannedCharge.objects.filter(partnership=partnership).select_related("payer", "receiver"):
        charges[charge.case_id].append(charge)
    return [
        Version(case, approved[case.pk], promise(lines[case.pk], charges[case.pk]))
        for case in cases.select_related("drafted_by", "partnership").order_by("-version")
    ]
