"""Reading a plan of a reorganisation: what its latest version says, how far it has come, and what it still lacks."""

import datetime
from typing import NamedTuple

from django.db.models import Q

from .models import Council, PlannedCouncil, PlannedPassing, Reorganisation, ReorganisationStep, ReorganisationVersion
from .succession import WHOLE, Line, Passing, lined_up

DRAFT = "draft"
PROPOSED, ENACTED, WITHDRAWN = (
    ReorganisationStep.Step.PROPOSED, ReorganisationStep.Step.ENACTED, ReorganisationStep.Step.WITHDRAWN,
)  # fmt: skip
OPEN = (DRAFT, PROPOSED)
#: Successors that have no row of the register yet are told apart by the id of their planned row, after all that have.
YET_TO_COME = 2**40


class Plan(NamedTuple):
    """A plan as its latest version has it."""

    reorganisation: Reorganisation
    version: ReorganisationVersion
    councils: list[PlannedCouncil]
    passings: list[PlannedPassing]  # by the predecessor's name, the larger share first
    steps: list[ReorganisationStep]  # oldest first, of every version

    @property
    def state(self) -> str:
        """`draft` until the latest version is proposed; what was withdrawn or enacted stays so."""
        if not self.steps:
            return DRAFT
        last = self.steps[-1]
        if last.step != PROPOSED:
            return last.step
        return PROPOSED if last.version_id == self.version.pk else DRAFT

    @property
    def proposal(self) -> ReorganisationStep | None:
        """The one of the latest version, if it was proposed."""
        found = [step for step in self.steps if step.step == PROPOSED and step.version_id == self.version.pk]
        return found[0] if found else None

    @property
    def predecessors(self) -> list[Council]:
        return list({passing.predecessor_id: passing.predecessor for passing in self.passings}.values())

    @property
    def successors(self) -> dict[int, PlannedCouncil | Council]:
        """By the id that `line` uses: those there are already, and then the new ones."""
        found: dict[int, PlannedCouncil | Council] = {
            each.successor.pk: each.successor for each in self.passings if each.successor is not None
        }
        return found | {YET_TO_COME + each.pk: each for each in self.councils}

    @property
    def whole(self) -> bool:
        """Whether the shares of every predecessor come to the whole."""
        shares: dict[int, int] = {}
        for each in self.passings:
            shares[each.predecessor_id] = shares.get(each.predecessor_id, 0) + each.share_bps
        return set(shares.values()) == {WHOLE}

    @property
    def line(self) -> Line:
        """Its successions, as `succession.carried` takes them."""
        on = self.version.vesting_on
        return lined_up(Passing(each.predecessor_id, heir_id(each), on, each.share_bps) for each in self.passings)


def heir_id(passing: PlannedPassing) -> int:
    if passing.successor_id is not None:
        return passing.successor_id
    assert passing.planned_id is not None  # a CHECK holds that it is one or the other
    return YET_TO_COME + passing.planned_id


def plan_of(reorganisation: Reorganisation) -> Plan:
    """Four queries. Only what the reader may see, as everywhere."""
    version = reorganisation.versions.select_related("written_by").order_by("-number")[0]
    return _plan(reorganisation, version, _parts([version]), _steps([reorganisation]))


def plans() -> list[Plan]:
    """Every plan in sight: the nearest vesting day first. Five queries however many there are."""
    reorganisations = list(Reorganisation.objects.all())
    versions = (
        ReorganisationVersion.objects.filter(reorganisation__in=reorganisations)
        .select_related("written_by")
        .order_by("reorganisation", "-number")
        .distinct("reorganisation")
    )
    latest = {version.reorganisation_id: version for version in versions}
    parts, steps = _parts(latest.values()), _steps(reorganisations)
    found = [_plan(each, latest[each.pk], parts, steps) for each in reorganisations if each.pk in latest]
    return sorted(found, key=lambda plan: (plan.version.vesting_on, plan.version.name, plan.reorganisation.pk))


def _plan(reorganisation, version, parts, steps) -> Plan:
    councils, passings = parts
    return Plan(
        reorganisation,
        version,
        [each for each in councils if each.version_id == version.pk],
        [each for each in passings if each.version_id == version.pk],
        [each for each in steps if each.reorganisation_id == reorganisation.pk],
    )


def _parts(versions):
    versions = list(versions)
    passings = PlannedPassing.objects.filter(version__in=versions).select_related("predecessor", "planned", "successor")
    return (
        list(PlannedCouncil.objects.filter(version__in=versions).order_by("pk")),
        list(passings.order_by("predecessor__name", "-share_bps", "pk")),
    )


def _steps(reorganisations):
    steps = ReorganisationStep.objects.filter(reorganisation__in=reorganisations)
    return list(steps.select_related("stepped_by", "version").order_by("pk"))


def lacking(plan: Plan) -> list[str]:
    """What has to be mended before it can be proposed, or enacted, each in a sentence. PostgreSQL asks the same."""
    day = plan.version.vesting_on
    said = []
    if not plan.passings:
        said.append("Say which councils pass to which.")
    for council in plan.predecessors:
        whole = sum(each.share_bps for each in plan.passings if each.predecessor_id == council.pk)
        if whole != WHOLE:
            said.append(f"The shares of {council.name} come to {whole / 100:.2f}%, not to 100%.")
        if council.started_on is not None and council.started_on >= day:
            said.append(f"{council.name} does not exist before {_day(day)}.")
    given = {each.planned_id for each in plan.passings}
    said += [f"Nothing passes to {each.name}." for each in plan.councils if each.pk not in given]
    taken = Q(code__in=[each.code for each in plan.councils]) | Q(slug__in=[each.slug for each in plan.councils])
    if plan.state != ENACTED:
        said += [
            f"{each.name} ({each.code}) is in the register already: give the new council another code and name."
            for each in Council.objects.filter(taken)
        ]
    passing = {each.predecessor_id for each in plan.passings}
    for council in Council.objects.filter(pk__in=passing).with_end().filter(_ends__isnull=False):
        if council.has_ended(day) or council.successions.exists():
            said.append(f"{council.name} ends on {_day(council.ends_on)} already.")
    heirs = {each.successor_id for each in plan.passings if each.successor_id is not None}
    for council in Council.objects.filter(pk__in=heirs).with_end():
        if council.pk in passing or council.has_ended(day) or (council.started_on and council.started_on > day):
            said.append(f"{council.name} is not there on {_day(day)} to take anything over.")
    return said


def _day(day: datetime.date) -> str:
    return f"{day:%-d %B %Y}"
