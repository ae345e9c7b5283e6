"""Planning what becomes of councils, and bringing it about: drafting, proposing, enacting, withdrawing.

One person proposes a plan and another enacts it, on the vesting day or later; one of them is an administrator, the
other that or the finance lead of a council that passes. PostgreSQL holds all of it, and writes what comes of it.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from councils import reorganisations
from councils.acts import act
from councils.models import PlannedCouncil, PlannedPassing, Reorganisation, ReorganisationStep, ReorganisationVersion
from councils.refusals import Refused
from councils.rights import LEAD, rights_of

from .entries import ledger_words
from .rollups import ring

SECOND = "You proposed this plan, so somebody else enacts it."
ENDED = "This plan was enacted or withdrawn: that is the end of it."


@transaction.atomic
def draft(*, by, at, **written):
    """A new plan with its first version; returns the `Reorganisation`. `written` as `_write` takes it."""
    rights = rights_of(by.pk, on=timezone.localdate(at))
    _refuse_stranger(rights, {each["predecessor"].pk for each in written["passings"]})
    with ledger_words(), act(by=by, at=at, verb="drafted reorganisation", subject="reorganisation") as this:
        plan = Reorganisation.objects.create(act=this, drafted_by=by)
        _write(this, plan, number=1, by=by, **written)
    return plan


@transaction.atomic
def revise(*, reorganisation, by, at, seen=None, **written):
    """The next version of a plan that is a draft or proposed: it has to be proposed anew. Returns the version.

    `seen`: the number of the version it was written over, where a page was open meanwhile.
    """
    plan = reorganisations.plan_of(reorganisation)
    if plan.state not in reorganisations.OPEN:
        raise Refused(ENDED)
    if seen is not None and seen != plan.version.number:
        raise Refused("Somebody changed this plan while you were writing. Look at it again before you change it.")
    rights = rights_of(by.pk, on=timezone.localdate(at))
    if not (reorganisation.drafted_by_id == by.pk and rights.signs_off):
        _refuse_stranger(rights, {council.pk for council in plan.predecessors})
    _refuse_stranger(rights, {each["predecessor"].pk for each in written["passings"]})
    with ledger_words(), act(by=by, at=at, verb="redrafted reorganisation", subject=_subject(reorganisation)) as this:
        return _write(this, reorganisation, number=plan.version.number + 1, by=by, **written)


def _write(this, plan, *, number, by, name, vesting_on, councils, passings, explanation=""):
    """`councils`: dicts of `code`, `name`, `short_name`, `kind` and, where known, `nation`, `region`.

    `passings`: dicts of `predecessor` (a Council), `to` (a Council, or the code of one of `councils`), `share_bps` and
    `share_basis`.
    """
    for each in councils:
        each.setdefault("slug", slugify(each["name"]))
    if len({each["code"] for each in councils}) < len(councils):
        raise Refused("Two of the new councils have the same code.", field="councils")
    if len({each["slug"] for each in councils}) < len(councils):
        raise Refused("Two of the new councils have the same name.", field="councils")
    if len({(each["predecessor"].pk, _key(each["to"])) for each in passings}) < len(passings):
        raise Refused("A council passes to another once: put the shares together.", field="passings")
    version = ReorganisationVersion.objects.create(
        act=this, reorganisation=plan, number=number, name=name, vesting_on=vesting_on, explanation=explanation,
        written_by=by, written_at=this.at,
    )  # fmt: skip
    new = {each["code"]: PlannedCouncil.objects.create(act=this, version=version, **each) for each in councils}
    PlannedPassing.objects.bulk_create(
        PlannedPassing(
            act=this, version=version, predecessor=each["predecessor"], share_bps=each["share_bps"],
            share_basis=each["share_basis"],
            **({"planned": new[each["to"]]} if isinstance(each["to"], str) else {"successor": each["to"]}),
        )
        for each in passings
    )  # fmt: skip
    return version


@transaction.atomic
def propose(*, reorganisation, by, at, version=None):
    """The latest version is to be enacted on its vesting day; returns the step. Raises `Refused` with all it lacks.

    `version`: the number of the one that was read.
    """
    plan = _going_on(reorganisation, by, at, version)
    if plan.state == reorganisations.PROPOSED:
        raise Refused("This plan is proposed already.")
    _refuse_unready(plan)
    with ledger_words(), act(by=by, at=at, verb="proposed reorganisation", subject=_subject(reorganisation)) as this:
        return _step(this, plan, by, ReorganisationStep.Step.PROPOSED)


@transaction.atomic
def enact(*, reorganisation, by, at, version=None):
    """What was proposed comes about: new councils, successions, memberships, all in this act. Returns the step.

    The successors' memberships run from the vesting day, and roll-ups are brought up to date. `version` as above.
    """
    plan = _going_on(reorganisation, by, at, version)
    today, day = timezone.localdate(at), plan.version.vesting_on
    proposal = plan.proposal
    if proposal is None:
        raise Refused("This plan is not proposed as it now stands: somebody proposes it before another enacts it.")
    if proposal.stepped_by_id == by.pk:
        raise Refused(SECOND)
    if today < day:
        raise Refused(f"It can be enacted on {day:%-d %B %Y} or later, and not before.")
    proposed_on = timezone.localdate(proposal.stepped_at)
    if not (rights_of(by.pk, on=today).administers or rights_of(proposal.stepped_by_id, on=proposed_on).administers):
        raise Refused("One of the two who propose and enact a plan is an administrator: ask one to enact it.")
    _refuse_unready(plan)
    with ledger_words(), act(by=by, at=at, verb="reorganised", subject=_subject(reorganisation)) as this:
        step = _step(
            this, plan, by, ReorganisationStep.Step.ENACTED, proposal=proposal, proposed_by_id=proposal.stepped_by_id
        )
    ring()
    return step


@transaction.atomic
def withdraw(*, reorganisation, by, at, reason):
    """Nothing will come of the plan; returns the step."""
    if not reason.strip():
        raise Refused("Say why nothing will come of it.", field="reason")
    plan = _going_on(reorganisation, by, at, None, drafter=True)
    subject = _subject(reorganisation)
    with ledger_words(), act(by=by, at=at, verb="withdrew reorganisation", subject=subject, reason=reason) as this:
        return _step(this, plan, by, ReorganisationStep.Step.WITHDRAWN, reason=reason)


def may_move(plan, rights):
    """Whether somebody with these rights may change, propose and enact `plan`, but for the second person's rule."""
    return rights.administers or bool({each.pk for each in plan.predecessors} & rights.councils(LEAD))


def _step(this, plan, by, step, **more):
    return ReorganisationStep.objects.create(
        act=this,
        reorganisation=plan.reorganisation,
        version=plan.version,
        step=step,
        stepped_by=by,
        stepped_at=this.at,
        **more,
    )


def _going_on(reorganisation, by, at, version, *, drafter=False):
    plan = reorganisations.plan_of(reorganisation)
    if plan.state not in reorganisations.OPEN:
        raise Refused(ENDED)
    if version is not None and version != plan.version.number:
        raise Refused("Somebody changed this plan since you read it. Read it again before you go on.")
    if not (drafter and reorganisation.drafted_by_id == by.pk):
        _refuse_stranger(rights_of(by.pk, on=timezone.localdate(at)), {council.pk for council in plan.predecessors})
    return plan


def _refuse_stranger(rights, predecessors):
    if not rights.administers and not predecessors & rights.councils(LEAD):
        raise Refused("Only an administrator or the finance lead of a council that passes can do this.")


def _refuse_unready(plan):
    if said := reorganisations.lacking(plan):
        raise Refused(" ".join(said))


def _key(to):
    return to if isinstance(to, str) else to.pk


def _subject(reorganisation):
    return f"reorganisation:{reorganisation.public_id}"
