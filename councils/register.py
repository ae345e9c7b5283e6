"""What the public register says about one council: when it existed, what came before and after, what it spent."""

import datetime
from typing import NamedTuple

from django.utils.safestring import SafeString

from .areas import area_of
from .lineage import Lineage
from .models import Council, Outturn, Succession
from .years import FinancialYear

#: Lines of the Revenue Outturn as they are headed in print.
LINES = {
    "education": "Education",
    "highways_transport": "Highways and transport",
    "social_care_combined": "Social care (one line until 2010/11)",
    "childrens_social_care": "Children’s social care",
    "adult_social_care": "Adult social care",
    "public_health": "Public health",
    "housing_gfra": "Housing",
    "cultural": "Culture",
    "environmental_regulatory": "Environment and regulation",
    "planning_development": "Planning and development",
    "police": "Police",
    "fire": "Fire",
    "central_services": "Central services",
    "other_services": "Other services",
    "total_service_expenditure": "All services",
}
TOTAL = "total_service_expenditure"


class OutturnLine(NamedTuple):
    name: str
    amounts: list[int | None]  # pence, one a year; None where the council reported nothing
    total: bool


class Passing(NamedTuple):
    """What passed between two councils, seen from one of them; `other` is the other one."""

    other: Council
    on: datetime.date
    share: str  # in words
    further: SafeString  # the next step: what became of a successor, what a predecessor followed; often empty


class RegisterEntry(NamedTuple):
    predecessors: list[Passing]
    successors: list[Passing]
    within: list[Council]  # its districts, or the councils of a combined authority
    years: list[str]
    outturn: list[OutturnLine]
    elsewhere: list[SafeString] = []  # districts of a county that went to others than the county did

    @property
    def shared_out(self):
        """Whether what it leaves goes to several councils, by share."""
        return len(self.successors) > 1


def register_entry(council, *, on):
    """The `RegisterEntry` of `council`; chains are told as far as they have come by the day `on`. Three queries."""
    every = list(Succession.objects.select_related("predecessor", "successor"))
    every.sort(key=lambda each: (each.on, each.predecessor.name, each.successor.name))
    lineage = Lineage(every, on=on)
    within = list(area_of(council).within)
    years, outturn = _outturn(council)
    before = [each for each in every if each.successor_id == council.pk]
    after = [each for each in every if each.predecessor_id == council.pk]
    return RegisterEntry(
        predecessors=[_passing(each, each.predecessor, lineage.before(each.predecessor)) for each in before],
        successors=[_passing(each, each.successor, lineage.became(each.successor)) for each in after],
        within=within,
        years=years,
        outturn=outturn,
        elsewhere=lineage.elsewhere(council, within),
    )


def _passing(succession, other, further):
    if succession.share_bps == 10_000:
        return Passing(other, succession.on, "all of it", further)
    return Passing(other, succession.on, f"{succession.share_bps / 100:.2f}% ({succession.share_basis})", further)


def _outturn(council):
    """Year labels and one line per service, in the order of the publication; lines nobody filled are left out."""
    held = {
        (line, year): pence
        for line, year, pence in Outturn.objects.filter(council=council).values_list("line", "year", "amount_pence")
    }
    years = sorted({year for _, year in held})
    lines = [
        OutturnLine(name, [held.get((line, year)) for year in years], line == TOTAL)
        for line, name in LINES.items()
        if any(held.get((line, year)) for year in years)
    ]
    return [FinancialYear(year).label for year in years], lines
