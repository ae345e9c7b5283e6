"""Attesting a council's recurring savings for a year: each goes on, has ended, or is not yet known (DESIGN 10.2).

What goes on is attested by posting the year's own entries with their own proof; what has ended is said with a reason.
All that is answered at once is one act, or nothing is written.
"""

from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from councils.acts import act
from councils.refusals import Refused
from councils.years import FinancialYear
from savings import locks
from savings.models import Document, Entry, SavingEnded, Scheme
from savings.models.typed import BenefitClass, Kind, Recurrence, Series

from . import entries, evidence, rollups
from .ledger_words import ledger_words

ATTESTING = 0x617474  # "att": the class of our advisory locks


class Delivers(NamedTuple):
    """It goes on: so much in the year (monthly: in the months that have begun), proven by a file or a kept document."""

    scheme: Scheme
    benefit_class: str
    whole: bool  # recorded as a whole year, as last year was; else month by month
    amount_pence: int
    file: Any = None  # a `StoredFile`
    document: Document | None = None
    ledger_code: str = ""
    reduction_pence: int | None = None


class Ended(NamedTuple):
    scheme: Scheme
    benefit_class: str
    reason: str


class LinesRefused(Refused):
    """`lines`: by the position of an answer, why it was refused; nothing of any answer was written."""

    def __init__(self, lines: dict[int, Refused]):
        super().__init__("Nothing was recorded. Put right what is marked below.")
        self.lines = lines


def months_begun(year: FinancialYear, at) -> int:
    """How many months of the year have begun at the moment: 0 to 12."""
    today = timezone.localdate(at)
    return sum(year.month_first_day(month) <= today for month in range(1, 13))


def attest(*, council, year, answers, by, at) -> list[Entry]:
    """Post and note what `answers` (`Delivers` and `Ended`) say of the savings of `council` in `year`, all in one act.

    Returns the entries. Raises `LinesRefused` with every answer that was refused, or `Refused` without any answer.
    """
    if not answers:
        raise Refused("Say of at least one saving that it goes on or has ended.")
    if not months_begun(year, at):
        raise Refused(f"{year.label} has not begun yet.")
    posted: list[Entry] = []
    refused: dict[int, Refused] = {}
    with transaction.atomic():
        locks.wait(ATTESTING, council.pk * 128 + year.start % 128)  # two at one screen: the second finds the first's
        subject = f"recurring:{council.code}/{year.label}"
        with ledger_words(), act(by=by, at=at, verb="attested", subject=subject) as this:
            how = {"council": council, "year": year, "by": by, "at": at}
            for position, answer in enumerate(answers):
                try:
                    with transaction.atomic():
                        _refuse_answered(council, year, answer)
                        if isinstance(answer, Ended):
                            _end(this, answer, **how)
                        else:
                            posted += _post(this, answer, **how)
                except Refused as refusal:
                    refused[position] = refusal
            if refused:
                raise LinesRefused(refused)
    rollups.ring()
    return posted


def _refuse_answered(council, year, answer):
    """Somebody else, or this very form, may have answered since the page was opened."""
    which = {"council": council, "scheme": answer.scheme, "benefit_class": answer.benefit_class, "year": year.start}
    recorded = Entry.objects.banked().filter(
        **which, kind=Kind.SAVING, recurrence=Recurrence.RECURRING, reverses__isnull=True, reversed_by__isnull=True
    )
    if recorded.exists():
        raise Refused(f"This saving is already recorded for {year.label}. Look at the page again.")
    if SavingEnded.objects.filter(**which).exists():
        raise Refused(f"It is already said that this saving ended before {year.label}. Look at the page again.")


def _post(this, answer, *, council, year, by, at):
    if answer.amount_pence <= 0:
        raise Refused("Enter what it saves, more than £0. If it saves nothing any more, it has ended.", field="amount")
    if not (answer.file or answer.document):
        raise Refused("Choose a document that proves it for this year, or upload one.", field="file_1")
    if answer.benefit_class == BenefitClass.CASH_RELEASING and not answer.ledger_code:
        raise Refused(
            "Enter the budget it was taken out of: without one, nobody can sign off a cash-releasing saving.",
            field="ledger_code",
        )
    months = [None] if answer.whole else list(range(1, months_begun(year, at) + 1))
    pence = spread(answer.amount_pence, len(months))
    posted = [
        entries.record(
            by=by, at=at, within=this, council=council, partnership=answer.scheme.partnership, scheme=answer.scheme,
            kind=Kind.SAVING, benefit_class=answer.benefit_class, recurrence=Recurrence.RECURRING, year=year,
            month=month, amount_pence=amount, series=Series.BANKED, ledger_code=answer.ledger_code,
            reduction_pence=answer.reduction_pence, note="Attested",
        )
        for month, amount in zip(months, pence, strict=True) if amount
    ]  # fmt: skip
    document = answer.document or evidence.keep(this, entry=posted[0], file=answer.file, by=by, at=at)
    if (document.council_id, document.partnership_id) != (council.pk, answer.scheme.partnership_id):
        raise Refused("Choose a document of your own council and this partnership.", field="document")
    with ledger_words():
        evidence.prove(this, entries=posted, document=document)
    return posted


def spread(pence: int, parts: int) -> list[int]:
    """`pence` in `parts` as even as can be, the odd pennies in the last; they add up to it."""
    each = pence // parts
    return [*[each] * (parts - 1), pence - each * (parts - 1)]


def _end(this, answer, *, council, year, by, at):
    if not answer.reason.strip():
        raise Refused("Say why it has ended.", field="reason")
    with ledger_words():
        SavingEnded.objects.create(
            act=this, partnership=answer.scheme.partnership, council=council, scheme=answer.scheme,
            benefit_class=answer.benefit_class, year=year.start, reason=answer.reason, said_by=by, said_at=at,
        )  # fmt: skip
