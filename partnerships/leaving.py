"""Leaving a partnership: writing down its terms, giving notice, and taking the notice back until the day.

A notice ends the council's own membership in the same act, so that everything that asks who is a member knows. What
must not be is refused by PostgreSQL again (migration 0045 of savings).
"""

import calendar
import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from councils.acts import act
from councils.models import Role
from councils.refusals import Refused
from councils.rights import LEAD
from councils.scope import refresh_scope
from councils.years import FinancialYear

from .models import LeavingCost, LeavingNotice, LeavingTerms, Membership

BY_AGREEMENT = "The terms stand already. A change of them is agreed by every member, so it is not made by one."
WORDS = {
    "the terms of leaving stand": BY_AGREEMENT,
    "notice runs as long as": "The notice has not run out on that day.",
    "a member gives one notice": "Somebody gave notice for your council at the same moment. Look at this page again.",
    "a notice is withdrawn before": "The council has left, so the notice is no longer withdrawn.",
    "partnerships_leavingnotice_withdraws_id": "That notice is withdrawn already.",
    "of leaving is borne by a member": "A cost is for a member of that year, under a scheme that is there.",
}  # fmt: skip


class leaving_words:  # a context manager reads as a phrase: with leaving_words()
    """Turns a refusal by the database into a `Refused` that a person can read; anything else goes on as it was."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if isinstance(error, IntegrityError):
            for part, words in WORDS.items():
                if part in str(error):
                    raise Refused(words) from error


def terms_of(partnership):
    """The `LeavingTerms` that hold, or None."""
    return LeavingTerms.objects.filter(partnership=partnership).order_by("starts_on", "pk").last()


def earliest(terms, day):
    """The first day on which a member that gives notice on `day` can be no longer one."""
    months = day.month - 1 + terms.notice_months
    year, month = day.year + months // 12, months % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@transaction.atomic
def set_terms(*, partnership, council, by, at, notice_months, exit_terms):
    """Write down what the agreement says of leaving, once, by the finance lead of a member; returns it."""
    _own_lead(by, council, at)
    if terms_of(partnership):
        raise Refused(BY_AGREEMENT)
    if not 0 <= notice_months <= 120:
        raise Refused("Give the notice in months, from 0 to 120.", field="notice_months")
    if not exit_terms.strip():
        raise Refused("Say who bears what when a member leaves.", field="exit_terms")
    subject = f"partnership:{partnership.slug}"
    with leaving_words(), act(by=by, at=at, verb="wrote down terms", subject=subject) as this:
        return LeavingTerms.objects.create(
            act=this, partnership=partnership, council=council, starts_on=timezone.localdate(at),
            notice_months=notice_months, exit_terms=exit_terms.strip(), set_by=by,
        )  # fmt: skip


@transaction.atomic
def give_notice(*, membership, by, at, leaves_on, reason, minute_reference="", costs=()):
    """The council of `membership` (the row that holds) leaves on `leaves_on`; returns the `LeavingNotice`.

    `costs` holds dicts with `council`, `scheme_reference`, `what` (a `LeavingCost.What`), `year` (a start year) and
    `amount_pence`, above zero.
    """
    partnership, council = membership.partnership, membership.council
    _own_lead(by, council, at)
    _refuse_day(partnership, membership, leaves_on, timezone.localdate(at))
    if not reason.strip():
        raise Refused("Say why the council leaves.", field="reason")
    last = FinancialYear.containing(leaves_on - datetime.timedelta(days=1)).start
    if any(cost["council"] == council and cost["year"] > last for cost in costs):
        raise Refused(
            f"{council.short_name} is no member after {FinancialYear(last).label}. What it pays later goes there.",
            field="costs",
        )
    subject = f"partnership:{partnership.slug}"
    with leaving_words(), act(by=by, at=at, verb="gave notice", subject=subject, reason=reason.strip()) as this:
        notice = LeavingNotice.objects.create(
            act=this, partnership=partnership, council=council, leaves_on=leaves_on, reason=reason.strip(),
            minute_reference=minute_reference.strip(), given_by=by, given_at=at,
        )  # fmt: skip
        _until(this, membership, leaves_on)
        LeavingCost.objects.bulk_create(
            LeavingCost(act=this, notice=notice, partnership=partnership, **cost) for cost in costs
        )
    refresh_scope(person_id=by.pk, on=timezone.localdate(at))
    return notice


@transaction.atomic
def withdraw(*, notice, by, at, reason):
    """Take a notice back before its day: the membership goes on. Returns the row that says so."""
    _own_lead(by, notice.council, at)
    if notice.withdraws_id or LeavingNotice.objects.filter(withdraws=notice).exists():
        raise Refused("That notice is withdrawn already.")
    if notice.leaves_on <= timezone.localdate(at):
        raise Refused(WORDS["a notice is withdrawn before"])
    if not reason.strip():
        raise Refused("Say why the council stays.", field="reason")
    held = Membership.objects.current().get(
        partnership=notice.partnership, council=notice.council, ends_on=notice.leaves_on
    )
    subject = f"partnership:{notice.partnership.slug}"
    with leaving_words(), act(by=by, at=at, verb="withdrew notice", subject=subject, reason=reason.strip()) as this:
        back = LeavingNotice.objects.create(
            act=this, partnership=notice.partnership, council=notice.council, leaves_on=notice.leaves_on,
            reason=reason.strip(), given_by=by, given_at=at, withdraws=notice,
        )  # fmt: skip
        _until(this, held, None)
    refresh_scope(person_id=by.pk, on=timezone.localdate(at))
    return back


def _refuse_day(partnership, membership, leaves_on, today):
    terms = terms_of(partnership)
    if terms is None:
        raise Refused("Write down first what the agreement says of leaving.")
    if LeavingNotice.objects.standing().filter(
        partnership=partnership, council=membership.council, leaves_on__gt=today
    ):
        raise Refused("Your council has given notice already. Withdraw it first.")
    if membership.ends_on is not None:
        raise Refused(f"Its membership ends on {membership.ends_on:%-d %B %Y} already.", field="leaves_on")
    first = max(earliest(terms, today), membership.starts_on + datetime.timedelta(days=1))
    if leaves_on < first:
        raise Refused(
            f"With {terms.notice_months} months’ notice from today it can leave on {first:%-d %B %Y} or later. An "
            "earlier day needs the agreement of every member.",
            field="leaves_on",
        )


def _own_lead(by, council, at):
    if not Role.objects.in_force(timezone.localdate(at)).filter(person=by, council=council, what=LEAD).exists():
        raise Refused(f"This is done by a finance lead of {council}.")


def _until(this, row, ends_on):
    """The row that says `row` lasts until `ends_on` (None: without an end), in its place."""
    same: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("partnership_id", "council_id", "role", "host", "starts_on", "starts_precision",
                     "cost_share_bps", "gain_share_bps")
    }  # fmt: skip
    return Membership.objects.create(act=this, ends_on=ends_on, replaces=row, **same)
