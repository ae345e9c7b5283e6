"""What an approval posted is what its business case plans: anything else is named, and so is what it left out."""

import pytest
from django.core.management import call_command

from councils import verification
from partnerships import actions as arrangement
from savings.actions import promise
from savings.balances import balances
from savings.models import Charge, Entry
from tests.database import as_role
from tests.factories import acting
from tests.tampering import seal_anew, unguarded

COLUMNS = (
    "act_id, council_id, partnership_id, scheme_id, series, kind, benefit_class, recurrence, year, month, "
    "posted_quarter, business_case_id, recorded_by_id, recorded_at"
)


@pytest.fixture
def promised(cast):
    """Two like planned amounts, a monthly one, and a charge: approved for Northford and posted."""
    line = {
        "council": cast.councils["NFD"], "scheme_reference": "REV-01", "year": 2026, "kind": "saving",
        "benefit_class": "cash_releasing", "recurrence": "recurring", "amount_pence": 100_00,
    }  # fmt: skip
    charge = {"payer": cast.councils["NFD"], "receiver": cast.councils["STM"], "year": 2026, "amount_pence": 7_00}
    with acting(cast.people["asha"]) as how:
        case = arrangement.draft(
            partnership=cast.partnership, title="Promise", horizon_year=2030, charges=[charge], **how,
            lines=[line, line, line | {"scheme_reference": "ICT-01", "month": 3, "amount_pence": 5_00}],
        )  # fmt: skip
    with acting(cast.people["ben"]) as how:
        promise.approve(case=case, council=cast.councils["NFD"], **how)
    with as_role("worker"):
        assert list(balances()) == []
        return case


def named():
    with as_role("worker"):
        return list(balances())


@pytest.mark.parametrize(
    "change",
    [
        "amount_pence = 999_99", "year = 2027", "month = 4", "kind = 'running_cost', benefit_class = NULL",
        "benefit_class = 'cost_avoidance'", "recurrence = 'one_off'", "price_base = 2020", "funded_by = 'grant'",
        "scheme_id = {other_scheme}", "council_id = {other_council}", "recorded_by_id = {other_person}",
    ],
)  # fmt: skip
def test_a_projected_amount_changed_by_a_superuser_who_seals_it_anew_is_named(cast, promised, change):
    """The seals are made anew with the product's own code, so they tell nothing (the control)."""
    with as_role("worker"):
        entry = Entry.objects.order_by("pk").first()
    others = {
        "other_scheme": cast.schemes["ICT-01"].pk, "other_council": cast.councils["STM"].pk,
        "other_person": cast.people["dev"].pk,
    }  # fmt: skip
    with unguarded() as cursor:
        cursor.execute(f"UPDATE savings_entry SET {change.format(**others)} WHERE id = %s", [entry.pk])
        seal_anew(cursor)
    with as_role("worker"):
        assert verification.rows_of(Entry)[1] == verification.roots()[1] == verification.chains()[1] == []
    said = named()
    assert f"savings_entry row {entry.pk}: projected, but not as the approved business case plans it" in said
    assert any("partnerships_plannedline row" in each for each in said)  # which of two like lines does not matter


def test_the_command_names_it_and_fails(cast, promised, capsys):
    with as_role("worker"):
        entry = Entry.objects.get(month=3)
    with unguarded() as cursor:
        cursor.execute("UPDATE savings_entry SET amount_pence = amount_pence + 1 WHERE id = %s", [entry.pk])
        seal_anew(cursor)
    with as_role("worker"), pytest.raises(SystemExit) as leaving:
        call_command("verify_ledger")
    assert leaving.value.code == 1
    assert f"savings_entry row {entry.pk}: projected, but not as" in capsys.readouterr().out


def test_one_amount_too_few_or_too_many_is_named_also_among_like_ones(cast, promised):
    with as_role("worker"):
        first, second = Entry.objects.filter(amount_pence=100_00).order_by("pk")
    with unguarded() as cursor:
        cursor.execute("DELETE FROM savings_entrystate WHERE entry_id = %s", [second.pk])
        cursor.execute("DELETE FROM savings_entry WHERE id = %s", [second.pk])
    (said,) = named()
    assert said.startswith("partnerships_plannedline row ")
    with unguarded() as cursor:
        for _ in range(2):
            cursor.execute(
                f"INSERT INTO savings_entry ({COLUMNS}, public_id, salt, amount_pence) SELECT {COLUMNS}, "
                "gen_random_uuid(), gen_random_uuid(), 10000 FROM savings_entry WHERE id = %s",
                [first.pk],
            )
    (said,) = named()
    with as_role("worker"):
        newest = Entry.objects.order_by("-pk").first().pk
    assert said == f"savings_entry row {newest}: projected, but not as the approved business case plans it"


def test_a_forged_amount_that_was_slipped_into_an_approvals_own_act_is_named(cast, monkeypatch):
    """No superuser: a lead's own session writes another amount than the case plans, and the act is sealed with it."""
    line = {
        "council": cast.councils["NFD"], "scheme_reference": "REV-01", "year": 2026, "kind": "saving",
        "benefit_class": "cash_releasing", "recurrence": "recurring", "amount_pence": 100_00,
    }  # fmt: skip
    with acting(cast.people["asha"]) as how:
        case = arrangement.draft(
            partnership=cast.partnership, title="Promise", horizon_year=2030, lines=[line], **how
        )  # fmt: skip
    honest = Entry.objects.bulk_create
    monkeypatch.setattr(Entry.objects, "bulk_create", lambda rows: honest(_forged(rows)))
    with acting(cast.people["ben"]) as how:
        promise.approve(case=case, council=cast.councils["NFD"], **how)
    with as_role("worker"):
        assert verification.verify().problems == []  # every seal holds
        entry = Entry.objects.get()
    assert f"savings_entry row {entry.pk}: projected, but not as the approved business case plans it" in named()


def _forged(rows):
    for row in rows:
        row.amount_pence *= 2
        yield row


def test_a_planned_charge_that_was_posted_otherwise_is_named(cast, promised):
    with as_role("worker"):
        charge, planned = Charge.objects.get(), promised.charges.get().pk
    with unguarded() as cursor:
        cursor.execute("UPDATE savings_charge SET amount_pence = 8_00 WHERE id = %s", [charge.pk])
    assert [each.split(":")[0] for each in named()] == [
        f"savings_charge row {charge.pk}",
        f"partnerships_plannedcharge row {planned}",
    ]


def test_an_amount_promised_without_any_approval_is_named(cast, promised):
    with as_role("worker"):
        entry = Entry.objects.get(month=3)
    with unguarded() as cursor:
        cursor.execute("DELETE FROM partnerships_approval WHERE case_id = %s", [promised.pk])
    assert f"savings_entry row {entry.pk}: projected, but not as the approved business case plans it" in named()
