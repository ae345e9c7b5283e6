"""Booking a grid: one act for every changed cell, or nothing."""

import pytest

from councils.models import Act
from councils.refusals import Refused
from councils.years import FinancialYear, Quarter
from savings.actions import budgets, entries, grid, returns
from savings.models import Entry, Return
from savings.standing_cells import WHOLE, RowKey, standing_cells
from tests.factories import a_proven_entry, acting, an_entry

YEAR = FinancialYear(2025)


def where(cast):
    return {"council": cast.councils["NFD"], "partnership": cast.partnership, "year": YEAR}


def row(cast, scheme="REV-01", kind="saving"):
    return RowKey(cast.schemes[scheme].public_id, kind, "cash_releasing" if kind == "saving" else "",
                  "recurring" if kind in ("saving", "running_cost") else "one_off")  # fmt: skip


def book(cast, *changes, by="asha", **fields):
    with acting(cast.people[by]) as how:
        return grid.book(**how, **where(cast), changes=changes, **fields)


def cells(cast):
    with acting(cast.people["asha"]):
        return standing_cells(**where(cast))


def mark(cast, month, of=None):
    return cells(cast)[of or row(cast)][month].mark


def test_new_values_are_new_entries_of_one_act(cast):
    booked = book(cast, *(grid.Change(row(cast), month, 100_00 * month, "") for month in (1, 2, 3)))
    assert booked[1:] == (3, 0, 0)
    with acting(cast.people["asha"]):
        assert list(Entry.objects.order_by("month").values_list("month", "amount_pence", "act")) == [
            (month, 100_00 * month, booked.act.pk) for month in (1, 2, 3)
        ]


def test_a_changed_value_is_a_reversal_with_the_reason_and_a_new_entry(cast):
    old = an_entry(cast, month=2, ledger_code="R100", reduction_pence=5_000_00, document_ref="J1")
    booked = book(cast, grid.Change(row(cast), 2, 900_00, mark(cast, 2)), reason="Keyed twice")
    assert booked[1:] == (0, 1, 0)
    with acting(cast.people["asha"]):
        reversal, new = Entry.objects.order_by("pk")[1:]
        assert (reversal.reverses_id, reversal.amount_pence, reversal.note) == (old.pk, -1_000_00, "Keyed twice")
        assert (new.amount_pence, new.ledger_code, new.document_ref) == (900_00, "R100", "J1")
        assert new.budget_reduction_id == old.budget_reduction_id
        assert Act.objects.get(pk=booked.act.pk).reason == "Keyed twice"


def test_a_signed_off_entry_is_changed_the_same_way(cast):
    proven = a_proven_entry(cast, month=2)
    book(cast, grid.Change(row(cast), 2, 400_00, mark(cast, 2)), reason="Invoice was lower")
    assert cells(cast)[row(cast)][2].pence == 400_00
    with acting(cast.people["asha"]):
        assert Entry.objects.filter(reverses=proven).exists()
        assert not hasattr(Entry.objects.get(amount_pence=400_00), "state")  # to be proven anew


def test_an_emptied_cell_is_a_reversal(cast):
    an_entry(cast, month=2)
    assert book(cast, grid.Change(row(cast), 2, None, mark(cast, 2)), reason="Not ours")[1:] == (0, 0, 1)
    assert cells(cast) == {}


def test_changing_what_stands_needs_a_reason(cast):
    an_entry(cast, month=2)
    with pytest.raises(Refused, match="Say why") as refusal:
        book(cast, grid.Change(row(cast), 2, 5_00, mark(cast, 2)))
    assert refusal.value.field == "reason"


def test_the_same_save_twice_is_one_effect(cast):
    change = grid.Change(row(cast), 1, 100_00, "")
    assert book(cast, change).act
    assert book(cast, change) == (None, 0, 0, 0)
    assert cells(cast)[row(cast)][1].pence == 100_00


def test_what_somebody_else_changed_meanwhile_is_a_clash_and_nothing_is_written(cast):
    an_entry(cast, month=2)
    seen = mark(cast, 2)
    book(cast, grid.Change(row(cast), 2, 700_00, seen), by="ben", reason="Ben's")
    with pytest.raises(grid.NotBooked) as refusal:
        book(cast, grid.Change(row(cast), 2, 800_00, seen), grid.Change(row(cast), 3, 1_00, ""), reason="Asha's")
    assert [cell.pence for cell in refusal.value.clashes.values()] == [700_00]
    assert {month: cell.pence for month, cell in cells(cast)[row(cast)].items()} == {2: 700_00}


def test_the_same_sum_put_there_anew_is_still_a_clash(cast):
    """The mark tells entries apart, not amounts: somebody has done something there."""
    first = an_entry(cast, month=2)
    seen = mark(cast, 2)
    with acting(cast.people["ben"]) as how:
        entries.reverse(entry=first, reason="Wrong code", **how)
    an_entry(cast, month=2, by="ben")
    with pytest.raises(grid.NotBooked, match="Somebody else"):
        book(cast, grid.Change(row(cast), 2, 800_00, seen), reason="x")


def test_a_closed_month_names_who_closed_it_and_when(cast):
    quarter = Quarter(YEAR, 1)
    for by, step in (("asha", "submitted"), ("ben", "signed_off"), ("ben", "closed")):
        with acting(cast.people[by]) as how:
            returns.step(partnership=cast.partnership, council=cast.councils["NFD"], quarter=quarter,
                         step=Return.Step(step), nil_savings=step == "submitted", **how)  # fmt: skip
    with pytest.raises(grid.NotBooked) as refusal:
        book(cast, grid.Change(row(cast), 2, 800_00, ""), grid.Change(row(cast), 4, 5_00, ""))
    (said,) = refusal.value.cells.values()
    assert said.startswith("Closed by Ben Carter on 15 June 2026")
    assert cells(cast) == {}


@pytest.mark.parametrize(
    ("month", "pence", "why"),
    [(1, -5_00, "negative"), (1, 0, "£0"), (WHOLE, -5_00, "negative")],
)
def test_amounts_that_are_none(cast, month, pence, why):
    with pytest.raises(grid.NotBooked) as refusal:
        book(cast, grid.Change(row(cast), month, pence, ""))
    assert why in next(iter(refusal.value.cells.values()))


def test_a_year_is_monthly_or_whole(cast):
    with pytest.raises(grid.NotBooked) as refusal:
        book(cast, grid.Change(row(cast), 1, 5_00, ""), grid.Change(row(cast), WHOLE, 9_00, ""))
    assert len(refusal.value.cells) == 2
    an_entry(cast, month=None)
    change = (grid.Change(row(cast), WHOLE, None, mark(cast, WHOLE)), grid.Change(row(cast), 1, 9_00, ""))
    book(cast, *change, reason="By month from now on")
    assert {month: cell.pence for month, cell in cells(cast)[row(cast)].items()} == {1: 9_00}


def test_what_has_not_begun_is_no_banked_amount(cast):
    with pytest.raises(grid.NotBooked, match="Nothing was saved") as refusal, acting(cast.people["asha"]) as how:
        grid.book(**how, **(where(cast) | {"year": FinancialYear(2026)}), changes=[grid.Change(row(cast), 9, 5_00, "")])
    assert "has not begun" in next(iter(refusal.value.cells.values()))


def test_before_joining_only_a_cost_can_stand(cast):
    early = where(cast) | {"year": FinancialYear(2020)}
    cost = row(cast, kind="one_off_cost")
    with acting(cast.people["asha"]) as how:
        assert grid.book(**how, **early, changes=[grid.Change(cost, 12, 5_00, "")]).new == 1
        with pytest.raises(grid.NotBooked) as refusal:
            grid.book(**how, **early, changes=[grid.Change(row(cast), 12, 5_00, "")])
    assert "had not joined" in next(iter(refusal.value.cells.values()))


def test_a_new_code_asks_what_was_taken_out_and_is_never_overclaimed(cast):
    changes = [grid.Change(row(cast), month, 400_00, "", "R9") for month in (1, 2, 3)]
    with pytest.raises(grid.NotBooked) as refusal:
        book(cast, *changes)
    assert refusal.value.codes == ["R9"]
    with pytest.raises(grid.NotBooked) as refusal:
        book(cast, *changes, reductions={"R9": 1_000_00})
    assert len(refusal.value.cells) == 3
    assert book(cast, *changes, reductions={"R9": 1_200_00}).new == 3
    with acting(cast.people["asha"]):
        assert set(Entry.objects.values_list("budget_reduction__code", flat=True)) == {"R9"}


def test_claims_are_held_against_what_the_budget_was_corrected_to(cast):
    with acting(cast.people["ben"]) as how:
        made = budgets.reduce(**how, council=cast.councils["NFD"], year=YEAR, code="R9", amount_pence=500_00)
        budgets.correct(**how, reduction=made, amount_pence=900_00, reason="The virement was for more.")
    book(cast, *(grid.Change(row(cast), month, 400_00, "", "R9") for month in (1, 2)))
    with pytest.raises(grid.NotBooked) as refusal:
        book(cast, grid.Change(row(cast), 3, 100_01, "", "R9"))
    assert "£900.00 was taken out, and £800.00 of that is already claimed" in str(refusal.value.cells)


@pytest.mark.parametrize("who", ["dev", "cleo", "erin", "gwen", "farah", "ada"])
def test_nobody_else_books(cast, who):
    with pytest.raises(Refused, match="cannot record for that council"):
        book(cast, grid.Change(row(cast), 1, 5_00, ""), by=who)


def test_a_scheme_of_another_partnership_is_refused(cast):
    from uuid import uuid4

    with pytest.raises(Refused, match="another partnership"):
        book(cast, grid.Change(RowKey(uuid4(), "saving", "cash_releasing", "recurring"), 1, 5_00, ""))


def test_booking_costs_the_same_for_one_cell_and_for_many(cast, django_assert_max_num_queries):
    months = [grid.Change(row(cast, scheme), month, 5_00, "") for scheme in cast.schemes for month in range(1, 13)]
    with django_assert_max_num_queries(20) as one, acting(cast.people["asha"]) as how:
        grid.book(**how, **where(cast), changes=months[:1])
    with django_assert_max_num_queries(len(one) + 1), acting(cast.people["asha"]) as how:
        grid.book(**how, **where(cast), changes=months[1:])


@pytest.mark.parametrize("text", ["", "x.saving.cash_releasing.recurring", "a.b.c.d"])
def test_a_row_that_is_none_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - any of them
        RowKey.parse(text)
