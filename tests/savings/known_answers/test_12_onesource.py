"""Known answer 12: oneSource, 6.9 against 7.8: the shortfall of 0.9 stays, although 1.3 of underspend covered it.

In £m. The underspend is recorded as what it is, money of another class or of a scheme nobody promised; either way the
page of the promise keeps the shortfall and says that what covered it is no delivery.
"""

import pytest

from tests.cast import NOW
from tests.savings.reporting.ledger import roll_up
from tests.savings.views.test_business_cases import CASE, NEW
from tests.savings.views.test_entries import filled

PROMISE = "/partnerships/north-south/business-cases/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def promised(sign_in):
    form = {"title": "oneSource", "explanation": "", "horizon_year": "2026", "price_base": ""}
    sign_in("asha").post(NEW, {**form, "lines": "Northford, REV-01, 2024/25, saving, 7800000"})
    sign_in("ben").post(f"{CASE}approve/", {"council": "northford"})


def record(cast, sign_in, scheme, pounds, **changes):
    fields = {"year": "2024", "month": "year", "scheme": str(cast.schemes[scheme].public_id), "amount": pounds,
              "reduction": pounds, "ledger_code": f"L-{scheme}", "title_1": "", **changes}  # fmt: skip
    sent = filled(cast, **fields)
    answer = sign_in("asha").post("/entries/new/", sent, follow=True)
    assert "Recorded:" in answer.text


UNDERSPENDS = {
    "as a funding shift on the promised scheme": ("REV-01", {
        "benefit_class": "funding_shift", "ledger_code": "", "reduction": "", "recurrence": "one_off"}),
    "as a saving of a scheme nobody promised": ("ICT-01", {"recurrence": "one_off"}),
}  # fmt: skip


@pytest.mark.parametrize("underspend", UNDERSPENDS.values(), ids=UNDERSPENDS.keys())
def test_an_unrelated_underspend_is_no_delivery(cast, sign_in, underspend):
    promised(sign_in)
    record(cast, sign_in, "REV-01", "6900000")
    before = sign_in("gwen").get(PROMISE).text
    short = "£6.9m of the £7.8m of cash-releasing savings promised by then was banked: £900,000 short."
    assert short in before
    scheme, changes = underspend
    record(cast, sign_in, scheme, "1300000", **changes)
    roll_up()
    after = sign_in("gwen").get(PROMISE).text
    assert short in after
    assert "£1.3m was banked beside that, on schemes nobody promised or as savings of another class." in after
    assert "so the shortfall stays £900,000" in after
    for cell in ("£7,800,000.00", "£6,900,000.00", "£900,000.00", "£1,300,000.00"):
        assert cell in after
