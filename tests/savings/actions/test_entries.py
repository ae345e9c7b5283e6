"""Recording and reversing, in words and in the database."""

import pytest
from django.db import IntegrityError, connection, transaction

from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions import entries
from savings.models import Entry
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, a_proven_entry, acting, an_entry


def refused(cast, **fields):
    """The refusal of an entry, after checking that nothing was written."""
    with as_role("worker"):
        before = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        an_entry(cast, **fields)
    with as_role("worker"):
        assert Entry.objects.count() == before
    return caught.value


def test_an_entry_is_recorded_with_its_proof(cast):
    entry = an_entry(cast, files=[a_file(title="Payroll extract")], ledger_code="R100", reduction_pence=1_000_00)
    with as_role("worker"):
        assert entry.supports.get().document.title == "Payroll extract"
        assert entry.budget_reduction.amount_pence == 1_000_00
        assert entry.state.grade == 1


def test_an_amount_of_nothing_is_no_entry(cast):
    assert refused(cast, amount_pence=0).field == "amount"


def test_a_member_who_has_not_joined_saves_nothing_yet(cast):
    assert "had not joined" in str(refused(cast, year=2020))


def test_a_cost_may_come_before_joining(cast):
    assert an_entry(cast, year=2020, kind="one_off_cost").pk


def test_a_saving_needs_a_class_and_a_cost_has_none(cast):
    assert refused(cast, benefit_class=None).field == "benefit_class"
    assert refused(cast, kind="running_cost", benefit_class="cash_releasing").field == "benefit_class"


def test_a_year_is_monthly_or_whole_never_both(cast):
    an_entry(cast, month=1)
    assert "never both" in str(refused(cast, month=None))


def test_after_a_reversal_the_year_may_be_recorded_the_other_way(cast):
    whole = an_entry(cast)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=whole, reason="By month instead", **how)
    assert an_entry(cast, month=1).pk


def test_claims_on_a_budget_never_exceed_it(cast):
    an_entry(cast, amount_pence=60_00, ledger_code="R1", reduction_pence=100_00)
    refusal = refused(cast, amount_pence=50_00, scheme="ICT-01", ledger_code="R1")
    assert refusal.field == "reduction"


def test_a_reversal_is_equal_and_opposite_and_only_once(cast):
    entry = a_proven_entry(cast)
    with acting(cast.people["asha"]) as how:
        reversal = entries.reverse(entry=entry, reason="Posted twice", **how)
        assert reversal.amount_pence == -entry.amount_pence
        with pytest.raises(Refused, match="already reversed"):
            entries.reverse(entry=entry, reason="Again", **how)


def test_a_reversal_says_why(cast):
    entry = an_entry(cast)
    with acting(cast.people["asha"]) as how, pytest.raises(Refused, match="Say why"):
        entries.reverse(entry=entry, reason=" ", **how)


def test_a_ledger_line_cannot_be_rewritten_by_anybody(cast):
    """The guard is the database's, so the test goes round the ORM; the owner is refused by trigger."""
    entry = an_entry(cast)
    for role in ("app", "worker", "owner"):
        for statement in (
            "UPDATE savings_entry SET amount_pence = 1 WHERE id = %s",
            "DELETE FROM savings_entry WHERE id = %s",
        ):
            with pytest.raises(Exception, match="append-only|permission denied"), as_role(role), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(statement, [entry.pk])


def test_an_insert_without_an_act_is_refused(cast):
    entry = an_entry(cast)
    columns = (
        "council_id, partnership_id, scheme_id, series, kind, benefit_class, recurrence, year, posted_quarter, "
        "amount_pence, recorded_by_id, recorded_at"
    )
    with (
        pytest.raises(IntegrityError, match="no act, no write|carry no act"),
        acting(cast.people["asha"]),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            f"INSERT INTO savings_entry (act_id, {columns}) SELECT 0, {columns} FROM savings_entry WHERE id = %s",
            [entry.pk],
        )


def test_a_scheme_of_another_partnership_is_refused_by_the_database_too(cast):
    with acting(cast.people["asha"]) as how, pytest.raises(Refused):
        entries.record(
            **how, council=cast.councils["WSV"], partnership=cast.partnership, scheme=cast.schemes["REV-01"],
            kind="saving", benefit_class="cash_releasing", year=FinancialYear(2025), amount_pence=1,
        )  # fmt: skip


def test_somebody_elses_council_cannot_be_written_for(cast):
    """Omar works for Southmere; row-level security refuses him a row of Northford even though the action would not."""
    with pytest.raises(Exception, match="row-level security"), transaction.atomic():
        an_entry(cast, by="omar", council="NFD", at=NOW)
