"""Attesting a year of recurring savings: all or nothing, each with its own proof, and what lapses by itself."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from councils.acts import act
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions import entries, recurring
from savings.actions.recurring import Delivers, Ended, LinesRefused, spread
from savings.models import Document, Entry, Mark, SavingEnded
from savings.models.typed import BenefitClass, Recurrence
from savings.reporting.recurring import Standing, savings
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, acting, an_entry
from tests.savings.views.test_entries import seen_by

CASH, NOT_CASH = BenefitClass.CASH_RELEASING, BenefitClass.NON_CASH_RELEASING
THIS = FinancialYear(2026)
TODAY, JULY = NOW.date(), datetime.date(2026, 7, 1)  # the fourth return of 2025/26 was due the day before


def attest(cast, *answers, by="asha", year=THIS, council="NFD"):
    with acting(cast.people[by]) as how:
        return recurring.attest(council=cast.councils[council], year=year, answers=answers, **how)


def delivers(cast, scheme="REV-01", **fields):
    usual = {
        "benefit_class": CASH, "whole": True, "amount_pence": 900_00, "file": a_file(), "ledger_code": "R26",
        "reduction_pence": 900_00,
    }  # fmt: skip
    return Delivers(scheme=cast.schemes[scheme], **usual | fields)


def ended(cast, scheme="REV-01", reason="The post was filled again", benefit_class=CASH):
    return Ended(scheme=cast.schemes[scheme], benefit_class=benefit_class, reason=reason)


def standing(cast, on=TODAY):
    with acting(cast.people["asha"]):
        return {one.scheme.reference: one.standing for one in savings(on, council=cast.councils["NFD"])}


def banked(cast):
    with seen_by(cast, "asha"):
        return list(Entry.objects.order_by("pk").values_list("year", "month", "amount_pence"))


def test_what_goes_on_is_the_next_years_entry_with_its_own_proof(cast):
    an_entry(cast, year=2025)
    (entry,) = attest(cast, delivers(cast))
    with seen_by(cast, "asha"):
        found = Entry.objects.get(pk=entry.pk)
        assert (found.year, found.month, found.amount_pence, found.recurrence) == (2026, None, 900_00, "recurring")
        assert found.supports.count() == 1
        assert found.budget_reduction.amount_pence == 900_00


def test_a_monthly_saving_is_attested_for_the_months_that_have_begun(cast):
    for month in (1, 2, 3):
        an_entry(cast, year=2025, month=month)
    posted = attest(cast, delivers(cast, whole=False, amount_pence=100_00))
    assert [(one.month, one.amount_pence) for one in posted] == [(1, 33_33), (2, 33_33), (3, 33_34)]
    with seen_by(cast, "asha"):
        assert {one.supports.get().document_id for one in posted} == {Document.objects.get().pk}
        assert len({one.act_id for one in posted}) == 1


def test_all_that_is_answered_is_one_act_or_nothing(cast):
    an_entry(cast, year=2025)
    an_entry(cast, year=2025, scheme="ICT-01", benefit_class=NOT_CASH)
    with pytest.raises(LinesRefused) as refusal:
        attest(cast, delivers(cast), delivers(cast, "ICT-01", benefit_class=NOT_CASH, file=None))
    assert {position: each.field for position, each in refusal.value.lines.items()} == {1: "file_1"}
    assert len(banked(cast)) == 2
    posted = attest(cast, delivers(cast), ended(cast, "ICT-01", benefit_class=NOT_CASH))
    with seen_by(cast, "asha"):
        assert {posted[0].act_id} == {SavingEnded.objects.get().act_id}


REFUSED = {
    "no proof": ({"file": None}, "file_1"),
    "no budget": ({"ledger_code": ""}, "ledger_code"),
    "a new budget without its reduction": ({"reduction_pence": None}, "reduction"),
    "more than the budget": ({"reduction_pence": 100_00}, "reduction"),
    "nothing": ({"amount_pence": 0}, "amount"),
}


@pytest.mark.parametrize(("changes", "field"), REFUSED.values(), ids=REFUSED)
def test_each_line_is_refused_beside_its_field(cast, changes, field):
    an_entry(cast, year=2025)
    with pytest.raises(LinesRefused) as refusal:
        attest(cast, delivers(cast, **changes))
    assert refusal.value.lines[0].field == field
    assert len(banked(cast)) == 1


def test_nothing_answered_twice_unasked_or_for_others(cast):
    an_entry(cast, year=2025)
    with pytest.raises(Refused, match="at least one"):
        attest(cast)
    with pytest.raises(Refused, match="has not begun"):
        attest(cast, delivers(cast), year=FinancialYear(2027))
    attest(cast, delivers(cast))
    for again in (delivers(cast), ended(cast)):
        with pytest.raises(LinesRefused) as refusal:
            attest(cast, again)
        assert "already recorded for 2026/27" in str(refusal.value.lines[0])
    with pytest.raises(Exception, match="row-level security"), transaction.atomic():
        attest(cast, delivers(cast, ledger_code="", benefit_class=NOT_CASH), by="omar", year=FinancialYear(2025))
    assert len(banked(cast)) == 2


def test_a_document_of_another_council_proves_nothing(cast):
    an_entry(cast, year=2025)
    theirs = an_entry(cast, by="omar", council="STM", files=[a_file()])
    with acting(cast.people["omar"]):
        document = theirs.supports.get().document
    with pytest.raises(LinesRefused) as refusal:
        attest(cast, delivers(cast, file=None, document=document))
    assert refusal.value.lines[0].field == "document"


def test_what_is_not_attested_by_the_due_date_lapses_by_itself(cast):
    an_entry(cast, year=2024)
    an_entry(cast, year=2025, scheme="ICT-01")
    assert standing(cast) == {"REV-01": Standing.LIVE, "ICT-01": Standing.LIVE}
    assert standing(cast, JULY) == {"REV-01": Standing.LAPSED, "ICT-01": Standing.LIVE}
    with acting(cast.people["asha"]):
        assert sum(one.run_rate for one in savings(JULY, council=cast.councils["NFD"])) == 1_000_00
        assert sum(one.run_rate for one in savings(NOW.date(), council=cast.councils["NFD"])) == 2_000_00


def test_a_reversed_year_and_a_one_off_are_no_recurring_saving(cast):
    one = an_entry(cast, year=2025)
    an_entry(cast, year=2025, scheme="ICT-01", recurrence=Recurrence.ONE_OFF)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=one, reason="Wrong", **how)
    assert standing(cast) == {}


def test_what_ended_leaves_the_run_rate_and_marks_the_year(cast):
    an_entry(cast, year=2025)
    with as_role("worker"):
        Mark.objects.all().delete()
    attest(cast, ended(cast))
    assert standing(cast) == {"REV-01": Standing.ENDED}
    with as_role("worker"):
        assert list(Mark.objects.values_list("year", flat=True)) == [2026]
    an_entry(cast, year=2026)  # an entry after all wins over what was said
    assert standing(cast) == {"REV-01": Standing.LIVE}


def forge(cast, *, by="asha", year=2026, reason="Because", said_by=None):
    with acting(cast.people[by]) as how, transaction.atomic():
        with act(by=how["by"], at=how["at"], verb="forged", subject="an ending") as this:
            SavingEnded.objects.create(
                act=this, partnership=cast.partnership, council=cast.councils["NFD"], scheme=cast.schemes["REV-01"],
                benefit_class=CASH, year=year, reason=reason, said_by=said_by or how["by"], said_at=NOW,
            )  # fmt: skip


def test_the_database_refuses_the_same(cast):
    with pytest.raises(IntegrityError, match="only a recurring saving that was banked before can end"):
        forge(cast)
    an_entry(cast, year=2025)
    with pytest.raises(IntegrityError, match="banked in the year in which it is said to have ended"):
        forge(cast, year=2025) if an_entry(cast, year=2024) else None
    with pytest.raises(IntegrityError, match="savings_saving_ended_reason"):
        forge(cast, reason="")
    with pytest.raises(IntegrityError, match="said by the person who acts"):
        forge(cast, said_by=cast.people["ben"])
    with pytest.raises(Exception, match="row-level security"):
        forge(cast, by="omar")
    forge(cast)
    with pytest.raises(IntegrityError, match="savings_saving_ended_once"):
        forge(cast)


def test_pennies_are_spread_without_loss():
    assert spread(100, 3) == [33, 33, 34]
    assert spread(5, 12)[-1] == sum(spread(5, 12)) == 5
