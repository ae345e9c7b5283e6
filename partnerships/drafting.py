"""Writing a business case whole, in one act: its row, lines, charges, baselines, first volumes and first steps."""

from councils.models import Role
from councils.refusals import Refused
from councils.rights import RECORDING

from .models import Baseline, BusinessCase, CaseStep, PlannedCharge, PlannedLine, Volume

Step = CaseStep.Step
OPEN = ("draft", Step.SUBMITTED, Step.RETURNED)


def write(this, *, partnership, by, at, title, horizon_year, lines, charges=(), baselines=(), volumes=(),
          explanation="", price_base=None, restated_for="", volume_driver="", elasticity_bps=0, supersedes="",
          submit=True):  # fmt: skip
    """Within the act `this`: the next version; returns it. See `partnerships.actions.draft` for what it takes."""
    if not lines:
        raise Refused("A business case needs at least one line: what is to be saved or spent, by whom and when.")
    version = partnership.business_cases.count() + 1
    case = BusinessCase.objects.create(
        act=this, partnership=partnership, version=version, title=title, explanation=explanation,
        restated_for=restated_for, price_base=price_base, horizon_year=horizon_year, volume_driver=volume_driver,
        elasticity_bps=elasticity_bps, drafted_by=by,
    )  # fmt: skip
    whose = {"act": this, "case": case, "partnership": partnership}
    PlannedLine.objects.bulk_create(PlannedLine(**whose, **row) for row in lines)
    PlannedCharge.objects.bulk_create(PlannedCharge(**whose, **row) for row in charges)
    Baseline.objects.bulk_create(Baseline(**whose, **row) for row in baselines)
    Volume.objects.bulk_create(
        Volume(**whose, driver=volume_driver, recorded_by=by, recorded_at=at, **row) for row in volumes
    )
    own = drafting_councils(case, by, at.date())
    for earlier in superseded_by(partnership, by, at.date(), before=version):
        if not supersedes.strip():
            raise Refused(f"Say why this takes the place of version {earlier.version}.", field="supersedes")
        theirs = drafting_councils(earlier, by, at.date())[0]  # somebody of two members drafts for either
        take(this, case=earlier, council=theirs, step=Step.SUPERSEDED, by=by, at=at, reason=supersedes, later=case)
    if submit:
        if not own:
            raise Refused("A business case is submitted by an officer or a finance lead of a member.")
        take(this, case=case, council=own[0], step=Step.SUBMITTED, by=by, at=at)
    return case


def take(this, *, case, council, step, by, at, reason="", later=None):
    """Within the act `this`: the next step of `case`; the database refuses one out of order."""
    return CaseStep.objects.create(
        act=this, case=case, partnership_id=case.partnership_id, council=council, sequence=case.steps.count() + 1,
        step=step, reason=reason.strip(), later=later, drafted_by_id=case.drafted_by_id, stepped_by=by, stepped_at=at,
    )  # fmt: skip


def drafting_councils(case, person, on):
    """Members for which both the drafter of `case` has recorded and `person` records on the date `on`, in id order.

    They are who submits and withdraws it: the drafter, and after the drafter a colleague of the same council.
    """
    drafted = Role.objects.filter(person=case.drafted_by_id, what__in=RECORDING).values("council")
    mine = Role.objects.in_force(on).filter(person=person, what__in=RECORDING, council__in=drafted)
    return [
        membership.council
        for membership in case.partnership.memberships.current()
        .filter(council__in=mine.values("council"))
        .select_related("council")
        .order_by("council_id")
    ]


def superseded_by(partnership, person, on, *, before=None):
    """Versions that a next draft of `person` takes the place of: of their own council, open, and approved by nobody."""
    found = partnership.business_cases.with_state().filter(state__in=OPEN, approvals__isnull=True)
    if before is not None:
        found = found.filter(version__lt=before)
    return [case for case in found.order_by("version") if drafting_councils(case, person, on)]
