"""What is claimed of a budget is kept beside it, and is what its entries come to: whoever writes, however many."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.utils import ProgrammingError

from councils.acts import act
from councils.as_at import as_at
from savings.actions import entries
from savings.balances import balances
from savings.models import BudgetReduction, BudgetTotal, Entry, with_amounts
from savings.reporting import rollups
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, an_entry

from .test_budgets import a_budget, amounts, corrected

LATER = NOW + datetime.timedelta(hours=1)
ROW = """
INSERT INTO savings_entry (act_id, council_id, partnership_id, scheme_id, series, kind, benefit_class, recurrence, year,
    month, posted_quarter, amount_pence, budget_reduction_id, recorded_by_id, recorded_at)
SELECT %(act)s, %(council)s, %(partnership)s, %(scheme)s, one.series, 'saving', 'cash_releasing', 'recurring', 2025,
    one.month, '2026-04-01', one.pence, one.budget, %(person)s, %(at)s
FROM unnest(%(series)s::text[], %(months)s::smallint[], %(pence)s::bigint[], %(budgets)s::bigint[])
    AS one (series, month, pence, budget)
"""


def raw_claims(cast, *rows, by="asha"):
    """One statement of (budget, pence) or (budget, pence, series), a month each, round every action."""
    rows = [(*row, "banked")[:3] for row in rows]
    with acting(cast.people[by]) as how, act(**how, verb="recorded", subject="claims") as this:
        with connection.cursor() as cursor:
            cursor.execute(ROW, {
                "act": this.pk, "council": cast.councils["NFD"].pk, "partnership": cast.partnership.pk,
                "scheme": cast.schemes["REV-01"].pk, "person": how["by"].pk, "at": how["at"],
                "months": list(range(1, len(rows) + 1)), "budgets": [budget.pk for budget, *_ in rows],
                "pence": [pence for _, pence, _ in rows], "series": [series for *_, series in rows],
            })  # fmt: skip


def kept():
    """{code: pence}, as kept; and that nothing is wrong with the ledger."""
    with as_role("worker"):
        assert list(balances()) == []
        return dict(BudgetTotal.objects.values_list("reduction__code", "claimed_pence"))


def test_it_is_the_sum_after_claims_reversals_and_corrections(cast):
    budget = a_budget(cast)
    first = an_entry(cast, month=1, amount_pence=60_00, ledger_code="R100")
    an_entry(cast, month=2, amount_pence=30_00, ledger_code="R100")
    an_entry(cast, month=3, amount_pence=500_00, ledger_code="R100", series="forecast")  # a forecast claims nothing
    assert kept() == {"R100": 90_00}
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=first, reason="Not taken out", **how)
    assert kept() == {"R100": 30_00}
    corrected(cast, budget, 30_00)
    assert kept() == {"R100": 30_00}
    assert amounts(budget) == (30_00, 30_00, 0)


def test_several_rows_of_several_budgets_in_one_statement(cast):
    one, other = a_budget(cast), a_budget(cast, code="R200")
    raw_claims(cast, (one, 10_00), (other, 5_00), (one, 20_00), (other, 99_00, "forecast"), (other, 7_00))
    assert kept() == {"R100": 30_00, "R200": 12_00}


def test_one_statement_past_what_was_taken_out_is_refused_as_a_whole(cast):
    budget = a_budget(cast)
    with pytest.raises(IntegrityError, match="would exceed it"), transaction.atomic():
        raw_claims(cast, (budget, 60_00), (budget, 40_01))
    assert kept() == {}
    raw_claims(cast, (budget, 60_00), (budget, 40_00))
    assert kept() == {"R100": 100_00}


@pytest.mark.parametrize("role", ["app", "worker"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE savings_budgettotal SET claimed_pence = 0",
        "DELETE FROM savings_budgettotal",
        "TRUNCATE savings_budgettotal",
        "INSERT INTO savings_budgettotal SELECT id, council_id, -100 FROM savings_budgetreduction",
    ],
)
def test_nobody_writes_it(role, statement, cast):
    a_budget(cast)
    an_entry(cast, amount_pence=60_00, ledger_code="R100")
    with acting(cast.people["asha"]), as_role(role), transaction.atomic():
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE savings_budgettotal SET claimed_pence = claimed_pence - 1",
        "UPDATE savings_budgettotal SET claimed_pence = 0",
        "DELETE FROM savings_budgettotal",
    ],
)
def test_a_total_changed_behind_the_guards_is_named_and_made_anew(statement, cast):
    budget = a_budget(cast)
    an_entry(cast, amount_pence=60_00, ledger_code="R100")
    a_budget(cast, code="R200")
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)
        assert cursor.rowcount == 1
    with as_role("worker"):
        assert list(balances()) == [
            f"budget reduction {budget.pk}: the total kept of its claims is not what they come to"
        ]
        rollups.mark_all()
    assert kept() == {"R100": 60_00, "R200": 0}


def test_a_past_moment_is_answered_from_the_entries(cast):
    budget = a_budget(cast)
    an_entry(cast, month=1, amount_pence=60_00, ledger_code="R100")
    an_entry(cast, month=2, amount_pence=30_00, ledger_code="R100", at=LATER)
    with as_role("owner"), connection.cursor() as cursor:  # whatever the total says
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("UPDATE savings_budgettotal SET claimed_pence = 1")
    with acting(cast.people["asha"]):
        of_it = with_amounts(BudgetReduction.objects.filter(pk=budget.pk))
        assert of_it.get().claimed == 1
        with as_at(NOW):
            assert (of_it.get().claimed, of_it.get().left) == (60_00, 40_00)
        with as_at(LATER):
            assert of_it.get().claimed == 90_00


def test_only_the_council_itself_sees_what_is_claimed_of_its_budgets(cast):
    a_budget(cast)
    an_entry(cast, amount_pence=60_00, ledger_code="R100")
    for reader, many in (("asha", 1), ("farah", 1), ("omar", 0), ("cleo", 0)):
        with acting(cast.people[reader]):
            assert BudgetTotal.objects.count() == many


def in_another_connection(deed):
    def run():
        try:
            deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


@pytest.mark.parametrize("deed", ["claim", "correction"])
def test_a_transaction_that_still_sees_the_ledger_as_it_was_is_refused(deed, committed_cast):
    """REPEATABLE READ, which anybody may choose, would hold a claim against what there was before it waited."""
    cast = committed_cast
    budget = a_budget(cast)
    an_entry(cast, month=1, amount_pence=60_00, ledger_code="R100")
    deeds = {
        "claim": lambda: an_entry(cast, month=2, amount_pence=40_00, ledger_code="R100"),
        "correction": lambda: corrected(cast, budget, 60_00),
    }
    with pytest.raises(OperationalError, match="could not serialize"), transaction.atomic():
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with acting(cast.people["asha"]):
            assert Entry.objects.count() == 1
        in_another_connection(deeds[deed])
        raw_claims(cast, (budget, 40_00))
    assert amounts(budget)[2] == 0
