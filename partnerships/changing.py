"""Changing what members agreed: one proposes, each answers by its own finance lead, the last to agree brings it about.

PostgreSQL holds it again (migration 0043 of savings): no row that changes an arrangement stands without it.
"""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, DateField, F, Func, Value
from django.utils import timezone

from councils.acts import act
from councils.models import Council
from councils.refusals import Refused
from councils.rights import rights_of
from councils.scope import refresh_scope
from councils.succession import WHOLE
from councils.years import FinancialYear

from .models import Audience, Change, ChangeAnswer, ChangedMember, Ending, Membership, Vehicle

Kind, Outcome = Change.Kind, ChangeAnswer.Outcome


class change_words:  # a context manager reads as a phrase: with change_words()
    """Turns a refusal by the database into a `Refused` that a person can read."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if not isinstance(error, IntegrityError):
            return
        if "changeanswer_once" in str(error):
            raise Refused("Your council has answered already.") from error
        if getattr(error.__cause__, "sqlstate", "") == "23514":
            raise Refused(str(error).splitlines()[0].capitalize() + ".") from error


def shared_by(quantities: Sequence[Decimal]) -> list[int]:
    """Shares in basis points by a measured cost key: in order of `quantities` (none negative, some above nought), by
    largest remainder, so that they sum to 10,000; equal remainders go to the earlier."""
    whole = sum(quantities)
    if whole <= 0:
        raise ValueError("quantities sum to nothing")
    parts = [int(quantity * WHOLE // whole) for quantity in quantities]
    behind = sorted(range(len(parts)), key=lambda each: (-(quantities[each] * WHOLE % whole), each))
    for each in behind[: WHOLE - sum(parts)]:
        parts[each] += 1
    return parts


def with_led(councils, on: datetime.date):
    """(council, whether anybody leads its finances here on the day or later) of each. One query."""
    day = Value(on, DateField())
    led = Func(F("pk"), day, function="council_led", output_field=BooleanField())
    found = dict(
        Council.objects.filter(pk__in=[each.pk for each in councils]).annotate(_led=led).values_list("pk", "_led")
    )
    return [(each, found[each.pk]) for each in councils]


def members_with_a_say(partnership, on: datetime.date):
    """The rows of its members on the day or later, in order of name: whoever is to agree."""
    rows = partnership.memberships.current().exclude(ends_on__lte=on).select_related("council")
    return list(rows.order_by("council__name", "starts_on"))


@transaction.atomic
def propose(*, partnership, proposing, kind, starts_on, reason, by, at, members=(), **facts):
    """A change that `proposing`, a member led by `by`, asks the others to agree to; returns the `Change`.

    `members` hold the fields of `ChangedMember` (terms: of every member of the day; leaving: of the one). `facts` are
    `cost_key`, `form` or `who`, as the kind needs. The proposer's own council agrees by proposing; where it is the only
    member the change comes about at once. Raises `Refused`.
    """
    if not rights_of(by.pk, on=timezone.localdate(at)).may_sign_off(proposing.pk):
        raise Refused(f"Only a finance lead of {proposing.short_name} proposes a change for it.")
    if not reason.strip():
        raise Refused("Say why: the other members read it before they answer.", field="reason")
    _refuse_day(partnership, kind, starts_on, timezone.localdate(at))
    subject = f"partnership:{partnership.slug}"
    with change_words(), act(by=by, at=at, verb="proposed a change", subject=subject, reason=reason) as this:
        change = Change.objects.create(
            act=this, partnership=partnership, kind=kind, starts_on=starts_on, reason=reason.strip(),
            proposing=proposing, proposed_by=by, proposed_at=at, **facts,
        )  # fmt: skip
        ChangedMember.objects.bulk_create(
            ChangedMember(act=this, change=change, partnership=partnership, **member) for member in members
        )
        _agree(this, change, proposing)
    refresh_scope(person_id=by.pk, on=timezone.localdate(at))
    return change


@transaction.atomic
def agree(*, change, council, by, at):
    """The member `council` agrees; with the last of them the change comes about. Returns the `ChangeAnswer`."""
    _refuse_others(change, council, by, at)
    subject = f"change:{change.public_id}"
    with change_words(), act(by=by, at=at, verb="agreed to a change", subject=subject) as this:
        answer = _agree(this, change, council)
    refresh_scope(person_id=by.pk, on=timezone.localdate(at))
    return answer


@transaction.atomic
def refuse(*, change, council, reason, by, at):
    """The member `council` does not agree, so nothing changes. Returns the `ChangeAnswer`."""
    return _end(change, council, Outcome.REFUSED, reason, by, at, verb="refused a change")


@transaction.atomic
def withdraw(*, change, reason, by, at):
    """Whoever proposed it takes it back before all have agreed. Returns the `ChangeAnswer`."""
    return _end(change, change.proposing, Outcome.WITHDRAWN, reason, by, at, verb="withdrew a change")


def _end(change, council, outcome, reason, by, at, *, verb):
    _refuse_others(change, council, by, at)
    if not reason.strip():
        raise Refused("Say why: the other members read it.", field="reason")
    subject = f"change:{change.public_id}"
    with change_words(), act(by=by, at=at, verb=verb, subject=subject, reason=reason) as this:
        return _answer(this, change, council, outcome, reason=reason.strip())


def _agree(this, change, council):
    """The answer, and everything the change is about when nobody is left to ask."""
    with_a_say = {row.council_id for row in members_with_a_say(change.partnership, timezone.localdate(this.at))}
    agreed = set(change.answers.filter(outcome=Outcome.AGREED).values_list("council_id", flat=True))
    last = with_a_say <= agreed | {council.pk}
    answer = _answer(this, change, council, Outcome.AGREED, completes=last)
    if answer.completes:
        BRING_ABOUT[Kind(change.kind)](this, change)
    return answer


def _answer(this, change, council, outcome, **said):
    return ChangeAnswer.objects.create(
        act=this, change=change, partnership_id=change.partnership_id, council=council, outcome=outcome,
        answered_by=this.person, answered_at=this.at, **said,
    )  # fmt: skip


def _terms(this, change):
    """Each row of the day ends there and goes on with the new terms; one that starts there has them at once."""
    rows = {row.council_id: row for row in change.partnership.memberships.on(change.starts_on)}
    named = list(change.members.select_related("council"))
    if set(rows) != {member.council_id for member in named}:
        raise Refused("The members are others than when this was proposed. Withdraw it and propose it again.")
    for member in named:
        row = rows[member.council_id]
        terms = {name: getattr(member, name) for name in ("role", "host", "cost_share_bps", "gain_share_bps")}
        if row.starts_on == change.starts_on:
            Membership.objects.create(act=this, replaces=row, **_same(row) | terms)
        else:
            Membership.objects.create(act=this, replaces=row, **_same(row) | {"ends_on": change.starts_on})
            Membership.objects.create(act=this, **_same(row) | terms | {"starts_on": change.starts_on})


def _leaving(this, change):
    (member,) = change.members.all()
    _end_memberships(this, change, council=member.council_id)


def _ending(this, change):
    _end_memberships(this, change)
    Ending.objects.create(
        act=this, partnership=change.partnership, ended_on=change.starts_on, why=change.reason
    )  # fmt: skip


def _end_memberships(this, change, **which):
    for row in change.partnership.memberships.current().filter(**which).order_by("pk"):
        if row.ends_on is None or row.ends_on > change.starts_on:
            Membership.objects.create(act=this, replaces=row, **_same(row) | {"ends_on": change.starts_on})


def _vehicle(this, change):
    Vehicle.objects.create(act=this, partnership=change.partnership, form=change.form, starts_on=change.starts_on)


def _audience(this, change):
    Audience.objects.create(act=this, partnership=change.partnership, who=change.who)


BRING_ABOUT = {
    Kind.TERMS: _terms, Kind.VEHICLE: _vehicle, Kind.AUDIENCE: _audience, Kind.LEAVING: _leaving, Kind.ENDING: _ending,
}  # fmt: skip


def _same(row) -> dict[str, Any]:
    return {
        name: getattr(row, name)
        for name in ("partnership_id", "council_id", "role", "host", "starts_on", "starts_precision", "ends_on",
                     "ends_precision", "cost_share_bps", "gain_share_bps")
    }  # fmt: skip


def _refuse_day(partnership, kind, starts_on, today):
    if starts_on <= partnership.started_on and kind in (Kind.ENDING, Kind.LEAVING):
        raise Refused("A partnership cannot end before it starts.", field="starts_on")
    begins = FinancialYear.containing(today).first_day
    if starts_on < begins:
        raise Refused(
            f"It can hold from {begins:%-d %B %Y}, the start of this financial year, or later: what was agreed for "
            "earlier years stays.",
            field="starts_on",
        )
    if kind == Kind.TERMS and partnership.memberships.current().filter(
        starts_on__gt=starts_on, council__in=partnership.memberships.on(starts_on).values("council")
    ).exists():  # fmt: skip
        raise Refused("Terms from a later day are agreed already. Choose that day or a later one.", field="starts_on")


def _refuse_others(change, council, by, at):
    if not rights_of(by.pk, on=timezone.localdate(at)).may_sign_off(council.pk):
        raise Refused(f"Only a finance lead of {council.short_name} answers for it.")
