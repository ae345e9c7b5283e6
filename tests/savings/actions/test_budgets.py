"""Budget reductions: corrected, never changed, and never below what is claimed of them, whoever asks."""

import threading

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from councils.acts import act
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions import budgets, entries
from savings.balances import balances
from savings.models import BudgetCorrection, BudgetReduction, Entry, with_amounts
from tests.database import as_role
from tests.factories import acting, an_entry

Y2025 = FinancialYear(2025)


def a_budget(cast, code="R100", pence=100_00, by="asha"):
    with acting(cast.people[by]) as how:
        return budgets.reduce(**how, council=cast.councils["NFD"], year=Y2025, code=code, amount_pence=pence)


def corrected(cast, budget, pence, by="ben", reason="The virement was for less."):
    with acting(cast.people[by]) as how:
        return budgets.correct(**how, reduction=budget, amount_pence=pence, reason=reason)


def amounts(budget):
    with as_role("worker"):
        found = with_amounts(BudgetReduction.objects.filter(pk=budget.pk)).get()
    return found.stands_at, found.claimed, found.left


def test_the_latest_correction_holds_and_the_first_amount_stays(cast):
    budget = a_budget(cast)
    an_entry(cast, amount_pence=60_00, ledger_code="R100")
    corrected(cast, budget, 80_00)
    corrected(cast, budget, 70_00)
    assert amounts(budget) == (70_00, 60_00, 10_00)
    assert budget.amount_pence == 100_00


def test_a_raised_budget_takes_more_and_a_lowered_one_less(cast):
    budget = a_budget(cast)
    an_entry(cast, amount_pence=60_00, ledger_code="R100")
    corrected(cast, budget, 110_00)
    an_entry(cast, scheme="ICT-01", amount_pence=50_00, ledger_code="R100")
    assert amounts(budget) == (110_00, 110_00, 0)
    other = a_budget(cast, code="R200")
    corrected(cast, other, 40_00)
    with pytest.raises(Refused, match="would come to £10.00 more than was taken out of it: £40.00 was taken out"):
        an_entry(cast, year=2025, month=None, amount_pence=50_00, ledger_code="R200")
    with as_role("worker"):
        assert list(balances()) == []


def test_it_is_not_lowered_below_what_is_claimed(cast):
    budget = a_budget(cast)
    an_entry(cast, amount_pence=60_00, ledger_code="R100")
    with pytest.raises(Refused, match="£60.00 is claimed of this budget, £10.00 more than that"):
        corrected(cast, budget, 50_00)
    corrected(cast, budget, 60_00)


def test_the_database_does_not_lower_it_either(cast):
    budget = a_budget(cast)
    an_entry(cast, amount_pence=60_00, ledger_code="R100")
    with pytest.raises(IntegrityError, match="not lowered below"), transaction.atomic():
        raw_correction(cast, budget, sequence=1, amount_pence=59_99)


def raw_correction(cast, budget, *, by="ben", council="NFD", **fields):
    """Round the action, as the application's role."""
    with acting(cast.people[by]) as how, act(**how, verb="corrected budget") as this:
        BudgetCorrection.objects.create(
            act=this, reduction=budget, council=cast.councils[council], reason="Because", recorded_by=how["by"],
            recorded_at=how["at"], **fields,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"sequence": 2, "amount_pence": 90_00}, "follows the one before it"),
        ({"sequence": 1, "amount_pence": -1}, "not_negative"),
        ({"sequence": 1, "amount_pence": 90_00, "by": "omar", "council": "STM"}, "savings_correction_council"),
    ],
)
def test_a_correction_is_what_it_says(cast, fields, words):
    budget = a_budget(cast)
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        raw_correction(cast, budget, **fields)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_only_the_council_itself_sees_and_corrects_its_budgets(cast):
    budget = a_budget(cast)
    with acting(cast.people["omar"]):
        assert not BudgetReduction.objects.exists()
    for outsider in ("omar", "erin", "farah"):
        with pytest.raises((ProgrammingError, BudgetReduction.DoesNotExist)), transaction.atomic():
            corrected(cast, budget, 90_00, by=outsider)


def test_no_correction_is_changed_or_removed(cast):
    correction = corrected(cast, a_budget(cast), 90_00)
    for statement in ("UPDATE savings_budgetcorrection SET amount_pence = 1", "DELETE FROM savings_budgetcorrection"):
        with as_role("owner"), pytest.raises(Exception, match="append-only|never changed|refuse"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"{statement} WHERE id = %s", [correction.pk])


@pytest.mark.parametrize("typed", ["r100", " R 100 ", "R100"])
def test_a_code_is_found_however_it_is_typed(cast, typed):
    a_budget(cast)
    assert an_entry(cast, amount_pence=60_00, ledger_code=typed).ledger_code == "R100"


def test_an_unknown_code_is_answered_with_the_nearest(cast):
    a_budget(cast, code="CC-4410")
    with pytest.raises(Refused, match="Did you mean CC-4410"):
        an_entry(cast, ledger_code="CC-4401")


def test_a_budget_that_looks_the_same_is_not_recorded_twice(cast):
    a_budget(cast)
    with pytest.raises(Refused, match="R100 is already recorded for 2025/26. r 100 would be read as the same"):
        a_budget(cast, code="r 100")


def both(first, second):
    """Run both at the same time in connections of their own; returns what each raised, or None."""
    from django.db import connections

    start, outcomes = threading.Barrier(2), [None, None]

    def run(number, deed):
        try:
            start.wait()
            deed()
        except (Refused, IntegrityError, psycopg.Error) as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_two_claims_on_the_last_pound_one_is_refused_in_words(committed_cast):
    cast = committed_cast
    a_budget(cast, pence=100_00)
    outcomes = both(
        lambda: an_entry(cast, amount_pence=100_00, ledger_code="R100"),
        lambda: an_entry(cast, by="ben", scheme="ICT-01", amount_pence=100_00, ledger_code="R100"),
    )
    (refusal,) = [each for each in outcomes if each]
    assert "more than was taken out of it" in str(refusal)
    with as_role("worker"):
        assert Entry.objects.get().amount_pence == 100_00


def test_a_claim_and_a_correction_at_once_never_leave_more_claimed_than_taken_out(committed_cast):
    cast = committed_cast
    budget = a_budget(cast, pence=100_00)
    outcomes = both(
        lambda: an_entry(cast, amount_pence=100_00, ledger_code="R100"), lambda: corrected(cast, budget, 50_00)
    )
    assert sum(each is not None for each in outcomes) == 1, outcomes
    assert isinstance(next(filter(None, outcomes)), Refused)
    assert amounts(budget)[2] >= 0


def test_a_reversal_gives_the_budget_back(cast):
    budget = a_budget(cast)
    entry = an_entry(cast, amount_pence=100_00, ledger_code="R100")
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=entry, reason="Not taken out", **how)
    corrected(cast, budget, 0)
    assert amounts(budget) == (0, 0, 0)
