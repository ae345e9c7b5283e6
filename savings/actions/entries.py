"""Recording what was banked or forecast, and reversing it. An entry is never edited.

The database holds every rule again; here they are asked first, so that the answer comes in words and beside the field.
"""

import uuid
from contextlib import nullcontext

from django.db import transaction

from councils.acts import act
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.models import Entry
from savings.models.typed import BenefitClass, Kind, Recurrence, Series

from . import evidence, periods, rollups
from .budgets import budget_reduction, refuse_overclaim
from .ledger_words import ledger_words

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
