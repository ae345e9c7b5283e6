"""Known answer 7: banked in year 1, fails in year 2: out of the restated cumulative, and history intact."""

import pytest

from savings.models import Entry, SavingEnded
from tests.cast import NOW
from tests.savings.reporting.ledger import roll_up
from tests.savings.views.test_entries import NEW, filled, seen_by

ATTEST = "/recurring/NFD/2025-26/"
COUNCIL, PARTNERSHIP = "/councils/northford/", "/partnerships/north-south/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def record(client, cast, **changes):
    usual = {"year": "2024", "month": "year", "amount": "1000", "ledger_code": "", "reduction": ""}
    form = filled(cast, **usual | changes)
    assert "Recorded" in client.post(NEW, form, follow=True).text


def key(cast, scheme):
    return f"{cast.schemes[scheme].public_id}-cash_releasing"


def test_it_is_taken_out_of_the_restated_series_and_stays_in_the_ledger(cast, sign_in):
    asha = sign_in("asha")
    record(asha, cast)
    record(asha, cast, scheme=str(cast.schemes["ICT-01"].public_id), amount="400")
    roll_up()
    assert "Restated" not in asha.get(COUNCIL).text  # year 2 is not complete, so nothing has failed yet
    form = {f"{key(cast, 'ICT-01')}-said": "ended", f"{key(cast, 'ICT-01')}-reason": "The contract went up again"}
    form[f"{key(cast, 'REV-01')}-said"] = "unknown"
    page = asha.post(ATTEST, form, follow=True).text
    assert "Northford, 2025/26: 1 ended." in page
    assert "Ended: “The contract went up again”" in page
    roll_up()
    for address in (COUNCIL, PARTNERSHIP):
        page = asha.get(address).text
        assert "£400.00 banked for 2024/25, nothing from 2025/26" in page
        assert "is £1,000.00 net, not £1,400.00" in page
        assert "£1,000.00 a year" in page  # the run-rate of what goes on
    with seen_by(cast, "asha"):
        assert sorted(Entry.objects.values_list("amount_pence", flat=True)) == [400_00, 1_000_00]
        assert SavingEnded.objects.get().year == 2025


def test_it_fails_by_itself_when_nobody_attests_it_in_time(cast, sign_in, time_machine):
    record(sign_in("asha"), cast)
    roll_up()
    time_machine.move_to(NOW.replace(day=30), tick=False)  # the day the fourth return is due, the year is complete
    page = sign_in("asha").get(COUNCIL).text
    assert "Lapsed, because nobody attested them in time" in page
    assert "nothing for 2025/26" in page
    assert "is £0.00 net, not £1,000.00" in page
    assert "No cash-releasing recurring saving goes on" in page
    assert "£1,000.00" in page  # history: what was claimed stays in the headline


def test_one_that_outlives_two_full_years_is_not_reversed(cast, sign_in):
    asha = sign_in("asha")
    for year in ("2021", "2022", "2023"):
        record(asha, cast, year=year)
    roll_up()
    page = asha.get(COUNCIL).text
    assert "Lapsed, because nobody attested them in time" in page
    assert "Reversed in the restated series" not in page
