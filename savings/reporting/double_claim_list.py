"""Double claims as people settle them: groups of lines with their entries, which one counts, why, what it costs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from councils.as_at import reading
from councils.models import Council
from councils.money import pounds
from councils.years import FinancialYear
from partnerships.models import Membership, Partnership
from savings.models import Distinction, DistinctionAcross, DoubleClaim, Entry, Scheme
from savings.models.typed import BenefitClass, Series

from .double_claims import ELSEWHERE, REPEAT, TRANSFER, kept

GRADES = ("self-declared", "documented", "signed off", "audited")
MOST_ENTRIES = 2000


@dataclass
class Side:
    """One line of a group, as far as the reader may see it."""

    row: DoubleClaim
    council: Council
    scheme: Scheme | None
    partnership: Partnership | None
    entries: list[Entry] = field(default_factory=list)  # that stand, oldest first
    apart: bool = False  # found distinct already; the figures follow
    may_reverse: bool = False  # by the reader; the page that asks says so

    @property
    def name(self) -> str:
        return f"{self.council.short_name}, {self.scheme or 'a scheme you cannot see'}"

    @property
    def grade_words(self) -> str:
        return GRADES[self.row.grade]


@dataclass
class Group:
    rule: int
    year: FinancialYear
    sides: list[Side]  # the one that counts first

    @property
    def partnership(self) -> Partnership | None:
        return self.sides[0].partnership

    @property
    def title(self) -> str:
        return str(DoubleClaim.Rule(self.rule).label)

    @property
    def settled(self) -> bool:
        return all(side.apart for side in self.sides if self.rule == ELSEWHERE or not side.row.counts)

    @property
    def left_out(self) -> int:
        return sum(side.row.pence for side in self.sides if not side.row.counts)

    @property
    def why(self) -> str:
        """Which rule caught it, and why the one that counts does."""
        first = self.sides[0].row
        if self.rule == TRANSFER:
            return (
                f"{self.sides[0].council.short_name} received {pounds(first.received_pence)} in charges from other "
                f"members in {self.year.label}, and the saving is near to that. "
                "Money from another member is not a saving."
            )
        if self.rule == ELSEWHERE:
            return "The same council claims near amounts for the same service in two partnerships in one year."
        others = [side.row for side in self.sides[1:]]
        if any(first.grade > each.grade for each in others):
            chosen = f"The first counts because it is better proven ({self.sides[0].grade_words})."
        elif any(first.pence < each.pence for each in others):
            chosen = "They are equally well proven, and the smaller amount counts."
        else:
            chosen = "They are equally well proven and equally large, so the one recorded first counts."
        return f"One document stands behind equal amounts, or provider and receiver claim near amounts. {chosen}"

    @property
    def costs(self) -> str:
        """What it does to the figure."""
        if self.rule == ELSEWHERE:
            said = " and ".join(pounds(side.row.pence) for side in self.sides)
            return (
                f"{said} {'are' if len(self.sides) > 1 else 'is'} counted, and shown as disputed until this is settled."
            )
        return f"{pounds(self.left_out)} is claimed and counts as nothing."


def groups(partnerships: Iterable[int], councils: set[int] | None = None) -> list[Group]:
    """All groups in `partnerships` (ids) that a line of `councils` takes part in; the latest year first.

    Seven queries, however many there are.
    """
    rows = kept(partnerships)
    found: defaultdict[tuple, list[DoubleClaim]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    wanted = {name: each for name, each in found.items() if councils is None or {r.council_id for r in each} & councils}
    sides = _sides([row for each in wanted.values() for row in each])
    return [
        Group(each[0].rule, FinancialYear(each[0].year), [sides[id(row)] for row in each]) for each in wanted.values()
    ]


def key(row: DoubleClaim) -> tuple:
    """What the rows of one group have in common."""
    if row.rule == ELSEWHERE:  # the two sides of a pair, each kept with its own partnership
        return row.year, row.rule, row.council_id, frozenset({row.scheme_id, row.other_scheme_id})
    return row.year, row.rule, row.partnership_id, row.group


def _sides(rows: list[DoubleClaim]) -> dict[int, Side]:
    councils = Council.objects.in_bulk({row.council_id for row in rows})
    schemes = Scheme.objects.in_bulk({row.scheme_id for row in rows})
    partnerships = Partnership.objects.in_bulk({row.partnership_id for row in rows})
    entries = entries_of(rows)
    told = _told_apart(rows)
    found = {}
    for row in rows:
        side = Side(row, councils[row.council_id], schemes.get(row.scheme_id), partnerships.get(row.partnership_id))
        side.entries = entries[row.scheme_id, row.council_id, row.year]
        side.apart = _is_apart(row, rows, told)
        found[id(row)] = side
    return found


def entries_of(rows: list[DoubleClaim]) -> dict[tuple[int, int, int], list[Entry]]:
    """The entries that stand of each line, by scheme, council and year; at most `MOST_ENTRIES` in all."""
    read = (
        Entry.objects.filter(
            scheme__in={row.scheme_id for row in rows}, council__in={row.council_id for row in rows},
            year__in={row.year for row in rows}, series=Series.BANKED, benefit_class=BenefitClass.CASH_RELEASING,
            reverses__isnull=True, reversed_by__isnull=True,
        )
        .select_related("scheme", "recorded_by")
        .order_by("pk")[:MOST_ENTRIES]
    )  # fmt: skip
    found: defaultdict[tuple[int, int, int], list[Entry]] = defaultdict(list)
    for entry in read:
        found[entry.scheme_id, entry.council_id, entry.year].append(entry)
    return found


def _told_apart(rows: list[DoubleClaim]) -> set[tuple]:
    """Pairs of (council, scheme) by year that somebody found distinct."""
    years = {row.year for row in rows}
    within = Distinction.objects.standing().filter(partnership__in={row.partnership_id for row in rows}, year__in=years)
    across = DistinctionAcross.objects.standing().filter(council__in={row.council_id for row in rows}, year__in=years)
    pairs = {
        (d.year, frozenset({(d.council_id, d.scheme_id), (d.other_council_id, d.other_scheme_id)})) for d in within
    }
    return pairs | {
        (d.year, frozenset({(d.council_id, d.scheme_id), (d.council_id, d.other_scheme_id)})) for d in across
    }


def _is_apart(row: DoubleClaim, rows: list[DoubleClaim], told: set[tuple]) -> bool:
    own = (row.council_id, row.scheme_id)
    if row.rule == ELSEWHERE:
        return (row.year, frozenset({own, (row.council_id, row.other_scheme_id)})) in told
    if row.rule == TRANSFER or row.counts:
        return False
    others = [each for each in rows if key(each) == key(row) and each.line != row.line]
    return all((row.year, frozenset({own, (each.council_id, each.scheme_id)})) in told for each in others)


def partnerships_of(councils: set[int]) -> set[int]:
    """Ids of the partnerships in which one of `councils` is or was a member."""
    return set(Membership.objects.filter(council__in=councils).values_list("partnership_id", flat=True))


def to_settle(councils: set[int]) -> int:
    """How many groups hold back or dispute a line of `councils` and are not settled; present only, one query."""
    if reading() is not None:
        return 0  # nothing waits for anybody in the past
    rows = DoubleClaim.objects.filter(council__in=councils).exclude(rule=REPEAT, counts=True)
    return len({key(row) for row in rows})


def left_out(rows: Iterable[DoubleClaim]) -> tuple[dict[int, int], int]:
    """Pence that count as nothing by rule, which add up to claimed less counted; and pence disputed by rule 3."""
    by_rule: defaultdict[int, int] = defaultdict(int)
    disputed = {}
    for row in rows:
        if not row.counts:
            by_rule[row.rule] += row.pence
        elif row.rule == ELSEWHERE:
            disputed[row.line] = row.pence
    return dict(by_rule), sum(disputed.values())


def caught(entries, *, left_out: bool):
    """`entries` (a queryset) of lines that a rule leaves out, or of those claimed in two partnerships (rule 3)."""
    claims = entries.filter(
        series=Series.BANKED, benefit_class=BenefitClass.CASH_RELEASING, reverses__isnull=True, reversed_by__isnull=True
    )
    which = {"counts": False} if left_out else {"rule": ELSEWHERE}
    if reading() is None:
        line = {name: OuterRef(name) for name in ("partnership", "council", "scheme", "year")}
        return claims.filter(Exists(DoubleClaim.objects.filter(**line, **which)))
    shown = Membership.objects.values_list("partnership_id", flat=True)
    rows = [row for row in kept(set(shown)) if (not row.counts if left_out else row.rule == ELSEWHERE)]
    lines = Q(pk__in=[])
    for row in rows:
        lines |= Q(partnership=row.partnership_id, council=row.council_id, scheme=row.scheme_id, year=row.year)
    return claims.filter(lines)


def tagged(entries):
    """The same entries, each with `caught`: the rows of its line, when it stands as a claim. One query."""
    claims = [each for each in entries if _is_claim(each)]
    found: defaultdict[tuple, list[DoubleClaim]] = defaultdict(list)
    for row in kept({each.partnership_id for each in claims}, {each.council_id for each in claims}) if claims else []:
        found[row.partnership_id, row.council_id, row.scheme_id, row.year].append(row)
    for each in entries:
        line = (each.partnership_id, each.council_id, each.scheme_id, each.year)
        each.caught = found[line] if _is_claim(each) else []
    return entries


def _is_claim(entry: Entry) -> bool:
    return (
        entry.series == Series.BANKED
        and entry.benefit_class == BenefitClass.CASH_RELEASING
        and not entry.reverses_id
        and not hasattr(entry, "reversed_by")
    )


def group_of(entry: Entry) -> list[Group]:
    """The groups that the line of `entry` takes part in, for its own page."""
    if not _is_claim(entry):
        return []
    return [
        group
        for group in groups([entry.partnership_id], {entry.council_id})
        if group.year.start == entry.year
        and any((s.row.council_id, s.row.scheme_id) == (entry.council_id, entry.scheme_id) for s in group.sides)
    ]
