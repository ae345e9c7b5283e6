"""Saying what was taken out of a budget, and correcting it. A reduction is never changed: a correction follows it."""

from difflib import get_close_matches

from django.db import transaction

from councils.acts import act
from councils.money import pounds
from councils.plain_text import as_code, skeleton, why_no_code
from councils.refusals import Refused
from savings.models import BudgetCorrection, BudgetReduction, with_amounts
from savings.models.typed import Kind

from .ledger_words import ledger_words


@transaction.atomic
def reduce(*, by, at, council, year, code, amount_pence, description=""):
    """Record that `amount_pence` was taken out of the budget `code` of `council` in `year`; returns the reduction."""
    code = as_code(code)
    if not code:
        raise Refused("Enter the ledger code of the budget.", field="code")
    if why := why_no_code(code):
        raise Refused(why, field="code")
    if amount_pence <= 0:
        raise Refused("Enter how much was taken out of the budget, as a positive amount.", field="amount")
    if same := BudgetReduction.objects.filter(council=council, year=year.start).coded(code).first():
        alike = "" if same.code == code else f" {code} would be read as the same."
        raise Refused(
            f"Budget {same.code} is already recorded for {year.label}.{alike} Correct that one.", field="code"
        )
    with act(by=by, at=at, verb="reduced budget", subject=f"budget {code} {year.label}") as this, ledger_words():
        return BudgetReduction.objects.create(
            act=this, council=council, year=year.start, code=code, amount_pence=amount_pence, description=description,
            recorded_by=by,
        )  # fmt: skip


@transaction.atomic
def correct(*, reduction, by, at, amount_pence, reason):
    """From now on `amount_pence` was taken out (nought: nothing after all), never less than is claimed of it."""
    if not reason.strip():
        raise Refused("Say why the budget reduction is corrected.", field="reason")
    if amount_pence < 0:
        raise Refused("Enter how much was taken out of the budget: £0 when it was nothing after all.", field="amount")
    found = with_amounts(BudgetReduction.objects.filter(pk=reduction.pk)).get()
    if amount_pence == found.stands_at:
        raise Refused("That is what is recorded already.", field="amount")
    if amount_pence < found.claimed:
        raise Refused(
            f"{pounds(found.claimed)} is claimed of this budget, {pounds(found.claimed - amount_pence)} more than "
            "that. Reverse what is claimed too much first.",
            field="amount",
        )
    sequence = reduction.corrections.count() + 1
    subject = f"reduction:{reduction.public_id}"
    with act(by=by, at=at, verb="corrected budget", subject=subject, reason=reason) as this, ledger_words():
        return BudgetCorrection.objects.create(
            act=this, reduction=reduction, council_id=reduction.council_id, sequence=sequence,
            amount_pence=amount_pence, reason=reason, recorded_by=by, recorded_at=at,
        )  # fmt: skip


def budget_reduction(this, *, council, year, code, pence, kind, by):
    """The reduction that `code` names for the council and year, made when it is new; None without a code.

    Costs and income keep the code as text only: a reduction backs a saving (R8, R14).
    """
    if not code or kind != Kind.SAVING:
        return None
    known = BudgetReduction.objects.filter(council=council, year=year.start)
    if found := with_amounts(known.coded(code)).first():
        if pence not in (None, found.stands_at):
            raise Refused(
                f"Budget {found.code} is already recorded as reduced by another amount in {year.label}. "
                "Leave this empty to use it.",
                field="reduction",
            )
        return found
    if pence is None:
        raise Refused(
            f"Budget {code} is new for {council} in {year.label}. {_or_meant(code, known)}"
            "Enter how much was taken out of it in the year.",
            field="reduction",
        )
    if why := why_no_code(code):
        raise Refused(why, field="ledger_code")
    if pence <= 0:
        raise Refused("Enter how much was taken out of the budget, as a positive amount.", field="reduction")
    return BudgetReduction.objects.create(
        act=this, council=council, year=year.start, code=code, amount_pence=pence, recorded_by=by
    )


def _or_meant(code, known):
    """`Did you mean R100? `, when a budget of the same council and year is written nearly so."""
    codes = {skeleton(each): each for each in known.values_list("code", flat=True)[:5000]}
    near = get_close_matches(skeleton(code), codes, n=1, cutoff=0.6)
    return f"Did you mean {codes[near[0]]}? If not: " if near else ""


def refuse_overclaim(reduction, pence):
    """Refuse `pence` more than is left of `reduction`, by how much; two at once only the database can tell.

    What was taken out is read as corrected, anew: `reduction` may just have been made.
    """
    found = with_amounts(BudgetReduction.objects.filter(pk=reduction.pk)).get()
    over = found.claimed + pence - max(found.stands_at, found.claimed)
    if over > 0:
        raise Refused(
            f"Claims on budget {reduction.code} would come to {pounds(over)} more than was taken out of it: "
            f"{pounds(found.stands_at)} was taken out, and {pounds(found.claimed)} of that is already claimed. "
            "Check the amount and the ledger code.",
            field="reduction",
        )
