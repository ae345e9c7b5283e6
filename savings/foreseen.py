"""What a reorganisation would do to each partnership it touches, before it happens.

An administrator is told names and members only (PostgreSQL tells no more); somebody of a member council reads the
partnerships of theirs, with what is promised there as it would fall to each successor. Nothing is written.
"""

import datetime
from collections import defaultdict
from typing import NamedTuple

from django.db import connection

from councils import succession
from councils.models import Council
from councils.money import pounds
from councils.reorganisations import Plan
from councils.years import FinancialYear
from partnerships.models import Membership, Partnership, Vehicle
from savings.reporting import carried, figures


class Share(NamedTuple):
    """What one successor would have of one partnership's promise, in pence."""

    name: str
    promised: int  # net, every year of the promise
    ahead: int  # net, in the years from the vesting day on
    costs_ahead: int  # of those years, planned costs
    proven: int  # net, so far


class Touched(NamedTuple):
    """One partnership: its members until the vesting day, and from it."""

    name: str
    partnership: Partnership | None  # None where only its name may be read
    before: list[str]
    passing: list[str]  # `Southmere becomes South West Shire (60%) and Westvale (40%)`
    after: list[str]
    alone: bool  # one member is left, so there is nobody to share with
    crosses: bool  # its members would be in different councils, or some of them stay outside the new ones
    hosts: list[str]  # `Northford hosts it; South West Shire would`
    vehicle: str
    shares: list[Share]


def touched_by(plan: Plan, *, administers: bool) -> list[Touched]:
    """Every partnership that a council of the plan is a member of on the eve of the vesting day, in name order.

    None while the shares of a council do not come to the whole: there is no saying then what falls to whom.
    """
    if not plan.whole:
        return []
    members = _known_of_all(plan) if administers else {}
    rows = _memberships(plan)
    partnerships = {row.partnership_id: row.partnership for row in rows}
    for row in rows:
        members.setdefault(row.partnership_id, (row.partnership.name, set()))[1].add(row.council_id)
    councils = dict(Council.objects.values_list("pk", "short_name"))
    names = councils | {pk: each.short_name for pk, each in plan.successors.items()}
    vehicles = _vehicles(partnerships, plan.version.vesting_on)
    shares = _shares(partnerships, plan, names)
    hosts = {row.partnership_id: row.council_id for row in rows if row.host}
    found = [
        _touched(name, partnerships.get(pk), ids, plan, names, hosts.get(pk), vehicles.get(pk, ""), shares.get(pk, []))
        for pk, (name, ids) in members.items()
    ]
    return sorted(found, key=lambda each: each.name)


def _touched(name, partnership, ids, plan, names, host, vehicle, shares):
    line = plan.line
    ends, stay = [each for each in ids if each in line], [each for each in ids if each not in line]
    heirs = {heir for each in ends for heir in succession.heirs(each, line)}
    after = heirs | set(stay)
    outside = set(stay) - heirs
    hosting = []
    if host is not None:
        hosting = [f"{names[host]} hosts it."]
        if host in line:
            hosting = [f"{names[host]} hosts it; {names[succession.main_heir(host, line)]} would."]
    return Touched(
        name=name,
        partnership=partnership,
        before=sorted(names[each] for each in ids),
        passing=sorted(_passing(each, line, names) for each in ends),
        after=sorted(names[each] for each in after),
        alone=len(after) == 1,
        crosses=len(heirs) > 1 or bool(outside),
        hosts=hosting,
        vehicle=vehicle,
        shares=shares,
    )


def _passing(council, line, names):
    parts = [
        names[each.successor] if each.share_bps == succession.WHOLE
        else f"{names[each.successor]} ({each.share_bps / 100:g}%)"
        for each in sorted(line[council], key=lambda each: -each.share_bps)
    ]  # fmt: skip
    return f"{names[council]} becomes {' and '.join(parts)}"


def _known_of_all(plan):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reorganisation_touches(%s)", [plan.version.pk])
        found: dict[int, tuple[str, set[int]]] = {}
        for pk, name, council in cursor.fetchall():
            found.setdefault(pk, (name, set()))[1].add(council)
    return found


def _memberships(plan):
    """Those of partnerships with a council that passes, which the reader may see."""
    eve = plan.version.vesting_on - datetime.timedelta(days=1)
    on = Membership.objects.on(eve)
    touched = on.filter(council__in=plan.predecessors).values("partnership_id")
    rows = on.filter(partnership__in=touched).select_related("partnership__ending")
    return [row for row in rows if not _over(row.partnership, plan.version.vesting_on)]


def _over(partnership, day):
    ending = getattr(partnership, "ending", None)
    return ending is not None and ending.ended_on <= day


def _vehicles(partnerships, day):
    rows = Vehicle.objects.filter(partnership__in=list(partnerships), starts_on__lt=day).order_by("starts_on", "pk")
    return {row.partnership_id: row.get_form_display() for row in rows}


def _shares(partnerships, plan, names):
    """By partnership, what falls to each council that would be there: each fact carried down the plan's line."""
    first = FinancialYear.containing(plan.version.vesting_on).start
    found: defaultdict[int, defaultdict[int, list[list[int]]]] = defaultdict(lambda: defaultdict(list))
    for fact in figures.facts_of(partnership__in=list(partnerships)):
        ahead = fact.year >= first
        for heir, part in carried.shared_out(fact.figures, fact.council[0], plan.line).items():
            found[fact.partnership[0]][heir].append(
                [part.net_promised, part.net_promised * ahead, part.promised_cost * ahead, part.net_proven]
            )
    return {
        partnership: sorted(Share(names[heir], *map(sum, zip(*rows, strict=True))) for heir, rows in heirs.items())
        for partnership, heirs in found.items()
    }


def shares_table(touched: Touched):
    """What `govuk/_figures_table.html` takes."""
    return {
        "caption": f"{touched.name}: what falls to each, net, nominal",
        "headers": ["Council", "Promised, all years", "From the vesting year on", "Costs in that", "Proven so far"],
        "rows": [[each.name, *(pounds(amount) for amount in each[1:])] for each in touched.shares],
    }
