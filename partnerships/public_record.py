"""What has been said in public about a partnership, put so that it can be judged: beside the ledger, never in it."""

import re
from typing import NamedTuple

from councils.money import short_pounds

from .models import PublicClaim

Kind = PublicClaim.Kind

ORDER = (Kind.REPORTED_ACHIEVED, Kind.COUNTER_CLAIM, Kind.ADVERSE, Kind.PROJECTED, Kind.INVESTMENT)
HEADINGS = {
    Kind.REPORTED_ACHIEVED: "Said to have been saved",
    Kind.COUNTER_CLAIM: "Said by others",  # for or against: the words of the claim tell
    Kind.ADVERSE: "Reported against it",
    Kind.PROJECTED: "Said to be coming",
    Kind.INVESTMENT: "Spent to set it up",
}
BASES = {
    "annual": "a year",
    "cumulative": "in all",
    "one_off": "once",
    "rate": "as a rate",
    "cumulative_or_annual_unclear": "in all or a year: the sources do not agree",
}
NET_OR_GROSS = {"unstated": "net or gross not said", "net": "net", "gross": "gross"}
CHECKED = {
    "excerpt read": "We read this part of the source.",
    "secondary source": "We read somebody who quotes the source, not the source.",
    "vendor source": "The supplier says so.",
    "councillor remark": "A councillor’s remark.",
}


class Said(NamedTuple):
    """One claim, in words that can be printed."""

    claim: PublicClaim
    statement: str  # as published, with printer's quotes
    amount: str  # "£11m"; empty where no pounds were stated
    terms: str  # "in all, 2010-10 to 2011-08, net or gross not said"
    checked: str

    @property
    def heading(self):
        return HEADINGS[Kind(self.claim.kind)]

    @property
    def against(self):
        """Whether it is bad news by its kind; somebody who counters a claim may name more as well as less."""
        return self.claim.kind == Kind.ADVERSE


class Contradiction(NamedTuple):
    """What was claimed, and what somebody else said of it."""

    claimed: Said
    countered: Said
    apart: int | None  # pence; None where the other named no pounds
    same_terms: bool


class Group(NamedTuple):
    heading: str
    said: list[Said]


class PublicRecord(NamedTuple):
    groups: list[Group]  # all that is not part of the contradiction
    contradiction: Contradiction | None
    number: int  # of claims


def public_record(partnership):
    """The `PublicRecord` of a partnership; empty when nothing was published. One query."""
    said = [_said(claim) for claim in PublicClaim.objects.filter(partnership=partnership)]
    found = contradiction(said)
    others = [each for each in said if not found or each not in (found.claimed, found.countered)]
    groups = [Group(HEADINGS[kind], [each for each in others if each.claim.kind == kind]) for kind in ORDER]
    return PublicRecord([group for group in groups if group.said], found, len(said))


def contradiction(said):
    """The largest claim of a saving against the counter-claim furthest from it; in words where that names no pounds."""
    countering = [each for each in said if each.claim.kind == Kind.COUNTER_CLAIM]
    claims = [
        each for kind in (Kind.REPORTED_ACHIEVED, Kind.PROJECTED) for each in said
        if each.claim.kind == kind and each.claim.amount_pence is not None
    ]  # fmt: skip
    if not countering or not claims:
        return None
    claimed = max(
        (each for each in claims if each.claim.kind == claims[0].claim.kind), key=lambda each: each.claim.amount_pence
    )
    priced = [each for each in countering if each.claim.amount_pence is not None]
    if not priced:
        return Contradiction(claimed, countering[0], None, same_terms=False)
    countered = max(priced, key=lambda each: _apart(claimed, each))
    return Contradiction(claimed, countered, _apart(claimed, countered), _same_terms(claimed.claim, countered.claim))


def _apart(one, other):
    return abs(one.claim.amount_pence - other.claim.amount_pence)


def _same_terms(one, other):
    return (one.basis, one.period, one.net_or_gross) == (other.basis, other.period, other.net_or_gross)


def _said(claim):
    terms = [BASES.get(claim.basis, claim.basis), claim.period, NET_OR_GROSS.get(claim.net_or_gross, "")]
    return Said(
        claim=claim,
        statement=re.sub('"([^"]*)"', "“\\1”", claim.statement),
        amount="" if claim.amount_pence is None else short_pounds(claim.amount_pence),
        terms=", ".join(filter(None, terms)),
        checked=CHECKED.get(claim.checked, claim.checked),
    )
