"""Recording what was banked or forecast, and reversing it. An entry is never edited.

The database holds every rule again; here they are asked first, so that the answer comes in words and beside the field.
"""

import uuid
from contextlib import nullcontext
from difflib import get_close_matches

from django.db import IntegrityError, transaction

from councils.acts import act
from councils.money import pounds
from councils.plain_text import skeleton, why_no_code
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.models import BudgetReduction, Entry, with_amounts
from savings.models.typed import BenefitClass, Kind, Recurrence, Series

from . import evidence, periods, rollups

COSTS = (Kind.ONE_OFF_COST, Kind.RUNNING_COST)

#: What a reversal has in common with the entry it undoes.
COPIED = (
    "council_id", "partnership_id", "scheme_id", "series", "kind", "benefit_class", "recurrence", "year", "month",
    "adjustment", "price_base", "business_case_id", "budget_reduction_id", "funded_by", "ledger_code", "document_ref",
)  # fmt: skip


@transaction.atomic
def record(*, by, at, council, partnership, scheme, kind, year, amount_pence, month=None, series=Series.BANKED,
           benefit_class=None, recurrence=Recurrence.RECURRING, note="", ledger_code="", reduction_pence=None,
           document_ref="", funded_by="", external_key=None, price_base=None, files=(), public_id=None,
           within=None):  # fmt: skip
    """Record one amount with the documents that prove it, in one act; returns the `Entry`.

    `year` is a `FinancialYear`, `month` 1 (April) to 12 or None for the whole year, `amount_pence` positive pence
    (negative only for a quarter already closed). `files` are `StoredFile`s with titles, see `savings.documents`.
    `ledger_code` names the budget the saving was taken out of; when it is new for the council and year,
    `reduction_pence` says how much was taken out. `within` is an act already open that this is part of. `public_id` is
    given by a form that may be sent twice: the second time raises IntegrityError. Raises `Refused`, naming the field.
    """
    refuse_unclear(kind=kind, benefit_class=benefit_class, series=series, amount_pence=amount_pence)
    refuse_stranger(council=council, partnership=partnership, year=year, month=month, cost=kind in COSTS)
    if scheme.partnership_id != partnership.pk:
        raise Refused("That scheme belongs to another partnership.", field="scheme")
    quarter = periods.quarter_of_period(year, month)
    adjustment = series == Series.BANKED and periods.is_closed(
        partnership=partnership, council=council, quarter=quarter
    )
    if amount_pence < 0 and not adjustment:
        raise Refused(
            "A negative amount is only for a quarter that is already closed. To undo an entry, reverse it.",
            field="amount",
        )
    subject = f"{series} {kind} of {scheme.reference}"
    opened = nullcontext(within) if within else act(by=by, at=at, verb="recorded", subject=subject)
    with ledger_words(), opened as this:
        reduction = budget_reduction(
            this, council=council, year=year, code=ledger_code, pence=reduction_pence, kind=kind, by=by
        )
        if reduction and series == Series.BANKED:
            refuse_overclaim(reduction, amount_pence)
        entry = Entry.objects.create(
            act=this, council=council, partnership=partnership, scheme=scheme, series=series, kind=kind,
            benefit_class=benefit_class or None, recurrence=recurrence, year=year.start, month=month,
            posted_quarter=periods.open_quarter(partnership=partnership, council=council, at=at),
            adjustment=adjustment, amount_pence=amount_pence, price_base=price_base, budget_reduction=reduction,
            funded_by=funded_by, note=note, document_ref=document_ref,
            ledger_code=reduction.code if reduction else ledger_code, external_key=external_key or None,
            recorded_by=by, recorded_at=at, public_id=public_id or uuid.uuid4(),
        )  # fmt: skip
        evidence.add(this, entry=entry, files=files, by=by, at=at)
    rollups.ring()
    return entry


@transaction.atomic
def reverse(*, entry, by, at, reason, within=None):
    """Record the equal and opposite of `entry`, once, with a reason; returns the reversing `Entry`.

    `within` is an act already open, when this is a part of it.
    """
    if not reason.strip():
        raise Refused("Say why this entry is reversed.", field="reason")
    if entry.series == Series.PROJECTED:
        raise Refused("A promise is frozen. A later version of the business case restates it.")
    if entry.reverses_id:
        raise Refused("This entry is itself a reversal. Record the amount again instead.")
    if Entry.objects.filter(reverses=entry).exists():
        raise Refused("This entry is already reversed.")
    subject = f"entry:{entry.public_id}"
    opened = nullcontext(within) if within else act(by=by, at=at, verb="reversed", subject=subject, reason=reason)
    with ledger_words(), opened as this:
        copied = {field: getattr(entry, field) for field in COPIED}
        reversal = Entry.objects.create(
            **copied,
            act=this,
            posted_quarter=periods.open_quarter(partnership=entry.partnership, council=entry.council, at=at),
            amount_pence=-entry.amount_pence,
            note=reason,
            reverses=entry,
            recorded_by=by,
            recorded_at=at,
        )
    rollups.ring()
    return reversal


def refuse_unclear(*, kind, benefit_class, series, amount_pence):
    if amount_pence == 0:
        raise Refused("An amount cannot be £0. A quarter with nothing to report is a nil return.", field="amount")
    if series == Series.PROJECTED:
        raise Refused("A projected amount comes from an approved business case.", field="series")
    if kind == Kind.SAVING and benefit_class not in BenefitClass.values:
        raise Refused("Choose what class of saving this is.", field="benefit_class")
    if kind != Kind.SAVING and benefit_class:
        raise Refused("Only a saving has a class.", field="benefit_class")


def refuse_stranger(*, council, partnership, year, month, cost, memberships=None):
    """Refuse a period in which the council was not a member; a cost may come before it joined.

    `memberships` are the council's in the partnership, where somebody asks for many periods and has read them.
    """
    first = year.first_day if month is None else year.month_first_day(month)
    if month is None:
        end = year.end
    else:
        end = FinancialYear(year.start + 1).first_day if month == 12 else year.month_first_day(month + 1)
    if memberships is None:
        memberships = list(partnership.memberships.current().filter(council=council))
    if not memberships:
        raise Refused(f"{council} is not a member of {partnership}.", field="partnership")
    if any((cost or m.starts_on < end) and (m.ends_on is None or m.ends_on > first) for m in memberships):
        return
    ended = [m.ends_on for m in memberships if m.ends_on and m.ends_on <= first]
    if ended:
        raise Refused(f"{council} left {partnership} on {max(ended):%-d %B %Y}, before that period.", field="year")
    raise Refused(f"{council} had not joined {partnership} by that period.", field="year")


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


CLOSED_MEANWHILE = (
    "Somebody closed or reopened that quarter at the same moment. Nothing was recorded. Look at the return, then send "
    "this again: what comes after closing is recorded as an adjustment."
)
#: What the database says, and the field and words a person gets. Words not listed are shown as the database put them.
WORDS = {
    "claims on a budget reduction would exceed it": (
        "reduction",
        "Claims on that budget would come to more than was taken out of it. Check the amount and the ledger code.",
    ),
    "savings_entry_external_key": ("external_key", "This council already has an entry with that key."),
    "savings_entry_in_range": ("amount", "An amount cannot be more than £10 billion."),
    "savings_reduction_once": ("ledger_code", "Somebody recorded that budget at the same moment. Try again."),
    "a budget reduction is not lowered below what is claimed": (
        "amount",
        "More than that is already claimed of this budget. Reverse what is claimed too much first.",
    ),
    "savings_correction_sequence": ("", "Somebody corrected that budget at the same moment. Look at it again."),
    "savings_reduction_skeleton": (
        "ledger_code",
        "A budget with a code that would be read as the same was recorded at the same moment. Try again.",
    ),
    "savings_scheme_skeleton": ("reference", "Somebody added that reference at the same moment. Try again."),
    "_letters": ("", "A code or reference has letters, digits, spaces and . _ / : & ( ) + # ' - only."),
    '_plain"': ("", "A text holds a character that cannot be seen, or is not normalised (NFC). Type it again."),
    "savings_distinction_once": ("", "Somebody found these two distinct already."),
    "savings_across_once": ("", "Somebody found these two distinct already."),
    "found distinct by somebody who recorded neither": (
        "",
        "You recorded one of these, so somebody else has to say that they are different savings.",
    ),
    "savings_disputeoutcome_dispute": ("", "That dispute has already ended."),
    "savings_confirmation_request_id": ("", "This has been answered already."),
    "savings_confirmationrevocation_request": ("", "It has been taken back already."),
    "savings_contact_replaces": ("", "That contact has been changed or ended meanwhile."),
    "savings_charge_reverses": ("", "This charge is already reversed."),
    "savings_charge_in_range": ("amount", "An amount cannot be more than £10 billion."),
    "savings_return_sequence": ("", "Somebody took the next step at the same moment. Look at the return again."),
    "only a submitted business case is approved": (
        "",
        "It was returned or withdrawn at the same moment. Look at the business case again.",
    ),
    "a later version is already approved": ("", "A later version was approved at the same moment."),
    "the return states nil": (
        "",
        (
            "The return states that there was nothing, and something is recorded for the quarter. "
            "Reopen the return, then submit it without that statement."
        ),
    ),
    "savings_saving_ended_once": ("reason", "It is already said that this saving has ended."),
    "savings_closing_days_order": ("record_days", "The days go record, submit, sign off, close, from 1 to 30."),
    "savings_entry_reverses": ("", "This entry is already reversed."),
    "savings_reading_once": ("quarter", "That quarter has a reading already. Put that one right instead."),
    "savings_reading_replaces": ("", "Somebody put that reading right meanwhile. Look at it again."),
    "savings_scheme_status_sequence": ("", "Somebody took the next step at the same moment. Look at the scheme again."),
    "savings_schemeversion_once": ("", "Somebody changed the scheme at the same moment. Look at it again."),
    "savings_indicator_once": ("name", "This partnership already has an indicator with that name."),
    "this scheme already has amounts": (
        "month",
        (
            "This scheme already has amounts for that year recorded the other way. "
            "A year is recorded by month or as a whole, never both."
        ),
    ),
    "savings_scheme_reference": ("reference", "This partnership already has a scheme with that reference."),
    "the entry is reversed": ("", "This entry has been reversed meanwhile: there is nothing left to decide."),
    "that council disputes this entry already": ("", "Your council disputes this entry already."),
    "the quarter it would be posted in is closed": ("", CLOSED_MEANWHILE),
    "an amount for a closed quarter is an adjustment": ("", CLOSED_MEANWHILE),
}


class ledger_words:  # a context manager reads as a phrase: with ledger_words()
    """Turns a refusal by the database into a `Refused` that a person can read; anything else goes on as it was."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if not isinstance(error, IntegrityError):
            return
        said = str(error)
        for part, (field, words) in WORDS.items():
            if part in said:
                raise Refused(words, field=field) from error
        if getattr(error.__cause__, "sqlstate", "") == "23514":
            raise Refused(said.splitlines()[0].capitalize() + ".") from error
