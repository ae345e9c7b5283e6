"""An upload of entries: what is new is written as one act, what is there is the same, and what is wrong is said."""

import pytest

from councils.models import Act
from councils.refusals import Refused
from savings.models import Entry, Upload, UploadApplied
from savings.uploads import applying, keeping
from tests.cast import NOW
from tests.factories import acting, an_entry

from .sending import apply, codes, outcomes, row, send


def test_new_rows_become_entries_of_one_act(cast):
    done = apply(cast, [row(), row(month="5", amount="£2,000", note="Mawrth ŵ 🏴󠁧󠁢󠁷󠁬󠁳󠁿")])
    with acting(cast.people["asha"]):
        first, second = Entry.objects.order_by("pk")
        assert (first.amount_pence, first.month, first.year, first.upload_row) == (1_234_50, 1, 2025, 2)
        assert (second.amount_pence, second.month, second.note) == (2_000_00, 5, "Mawrth ŵ 🏴󠁧󠁢󠁷󠁬󠁳󠁿")
        assert first.act_id == second.act_id == done.act_id
        assert (done.new, done.new_pence) == (2, 3_234_50)
        assert Act.objects.get(pk=done.act_id).verb == "uploaded"


def test_the_same_file_again_changes_nothing(cast):
    rows = [row(), row(month="5"), row(month="6", external_key="K1")]
    apply(cast, rows)
    sent = send(cast, rows)
    assert set(outcomes(sent).values()) == {"same"}
    with acting(cast.people["asha"]) as how, pytest.raises(Refused, match="all of it already"):
        applying.apply(upload=sent.upload, found=sent.found, **how)


def test_checking_writes_nothing(cast):
    send(cast, [row()])
    with acting(cast.people["asha"]):
        assert (Entry.objects.count(), Upload.objects.count()) == (0, 1)


def test_everything_wrong_is_said_at_once(cast):
    sent = send(
        cast,
        [
            row(amount="12.345"),
            row(scheme="REV-O1"),
            row(partnership="north-suth", month="13"),
            row(council="STM"),
            row(series="projected"),
            row(kind="income", class_="cash_releasing"),
            row(class_=""),
            row(month="July", financial_year="2027/28"),
            row(amount="-5"),
            row(ledger_code="NONE-1"),
            row(recurrence="", financial_year="2024/26"),
        ],
    )
    assert set(outcomes(sent).values()) == {"bad"}
    assert codes(sent) == [
        (2, "amount", "amount"),
        (3, "scheme", "unknown_scheme"),
        (4, "month", "month"),
        (4, "partnership", "unknown_partnership"),
        (5, "council", "other_council"),
        (6, "series", "projected"),
        (7, "class", "class"),
        (8, "class", "missing"),
        (9, "month", "not_begun"),
        (10, "amount", "negative"),
        (11, "ledger_code", "unknown_budget"),
        (12, "financial_year", "financial_year"),
        (12, "recurrence", "missing"),
    ]
    said = " ".join(sent.checked.problems["message"])
    for words in ("Did you mean REV-01?", "Did you mean north-south?", "this upload is for NFD"):
        assert words in said


def test_one_bad_row_stops_all_unless_the_good_ones_are_asked_for(cast):
    rows = [row(), row(month="nope")]
    with pytest.raises(Refused, match="Nothing was written"):
        apply(cast, rows)
    with acting(cast.people["asha"]):
        assert not Entry.objects.exists()
    done = apply(cast, rows, good_rows=True)
    assert (done.new, done.bad) == (1, 1)


def test_duplicates_are_passed_over(cast):
    an_entry(cast, month=1, amount_pence=1_234_50, note="As booked by hand")
    sent = send(cast, [row(), row(month="5"), row(month="5"), row(month="5", external_key="K2")])
    assert outcomes(sent) == {2: "duplicate", 3: "new", 4: "duplicate", 5: "new"}


def test_a_key_names_one_entry(cast):
    apply(cast, [row(external_key="K1")])
    sent = send(
        cast, [row(external_key="K1", amount="9"), row(month="6", external_key="K3"), row(month="7", external_key="K3")]
    )
    assert codes(sent) == [(2, "external_key", "key_taken"), (4, "external_key", "key_twice")]


def test_a_year_is_monthly_or_whole(cast):
    an_entry(cast, month=2, amount_pence=5_00)
    sent = send(cast, [row(month=""), row(scheme="ICT-01", month=""), row(scheme="ICT-01")])
    assert codes(sent) == [(2, "month", "basis"), (3, "month", "basis"), (4, "month", "basis")]


def test_claims_of_a_file_stay_within_the_budget(cast):
    an_entry(cast, month=2, amount_pence=60_00, ledger_code="R 100", reduction_pence=100_00)
    within = [row(ledger_code="r100", month="3", amount="25"), row(ledger_code="R 100", month="4", amount="15")]
    assert set(outcomes(send(cast, within)).values()) == {"new"}
    sent = send(cast, [*within, row(ledger_code="R100", month="5", amount="0.01")])
    assert [code for _, _, code in codes(sent)] == ["overclaimed"] * 3
    apply(cast, within)
    with acting(cast.people["asha"]):
        assert {entry.ledger_code for entry in Entry.objects.all()} == {"R 100"}
        assert Entry.objects.filter(budget_reduction__isnull=False).count() == 3


def test_totals_and_blank_rows_are_left_out(cast):
    empty = dict.fromkeys(row(), "")
    sent = send(cast, [row(), empty, empty | {"council": "Total", "amount": "1234.50"}])
    assert outcomes(sent) == {2: "new", 4: "left_out"}
    assert sent.upload.left_out == 1


def test_only_who_records_for_the_council_uploads(cast):
    for name in ("cleo", "erin", "ada"):
        with pytest.raises(Refused, match="cannot record"):
            send(cast, [row()], by=name)


def test_what_is_applied_is_checked_anew(cast):
    sent = send(cast, [row()])
    an_entry(cast, month=1, amount_pence=1_234_50, note="Meanwhile")
    with acting(cast.people["asha"]) as how, pytest.raises(Refused, match="already"):
        applying.apply(upload=sent.upload, found=sent.found, **how)


def test_nothing_is_applied_twice(cast):
    done = apply(cast, [row()])
    with acting(cast.people["asha"]) as how, pytest.raises(Refused, match="applied already"):
        applying.apply(upload=done.upload, found=keeping.again(done.upload), **how)
    with acting(cast.people["asha"]):
        assert UploadApplied.objects.count() == 1


def test_an_upload_is_undone_whole(cast):
    done = apply(cast, [row(), row(month="5")])
    with acting(cast.people["asha"]) as how:
        with pytest.raises(Refused, match="why"):
            applying.undo(applied=done, reason=" ", **how)
        undone = applying.undo(applied=done, reason="The wrong quarter", **how)
        assert undone.reversed == 2
        assert Entry.objects.total() == 0
        with pytest.raises(Refused, match="undone already"):
            applying.undo(applied=done, reason="Again", **how)


def test_what_was_found_is_kept(cast):
    sent = send(cast, [row(), row(month="nope")])
    kept = keeping.checked_rows(sent.upload.checked_sha256)
    assert kept.rows.equals(sent.checked.rows)
    assert kept.problems.equals(sent.checked.problems)
    assert sent.upload.sent_at == NOW
