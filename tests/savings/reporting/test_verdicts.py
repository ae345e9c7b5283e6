"""Verdicts from facts. The rules themselves are tested in tests/savings/analysis/test_verdict.py."""

import datetime

import pytest

from councils.acts import act
from councils.models import Person
from councils.scope import scope
from councils.years import FinancialYear
from savings.actions import returns
from savings.models import Deflator, DeflatorRelease
from savings.models.typed import Kind
from savings.reporting.verdicts import verdict_of
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_proven_entry, acting, an_entry, ended, show_to

from .ledger import roll_up, southmere_pays

ON = datetime.date(2026, 7, 15)  # 2025/26 is complete


@pytest.fixture
def returned(cast):
    """Prices stood still; both members returned every quarter of 2023/24 to 2025/26; £5,000 was spent in 2023/24."""
    load_prices(range(2023, 2026))
    for year in (2023, 2024, 2025):
        return_all(cast, year)
    an_entry(cast, year=2023, kind=Kind.ONE_OFF_COST, amount_pence=5_000_00)
    return cast


def load_prices(years, invented=False):
    with as_role("worker"), act(by=Person.objects.get(system=True), at=NOW, verb="loaded", register=True) as this:
        release = DeflatorRelease.objects.create(
            act=this, name=f"tests {invented}", released_on=ON, index_base="2023", invented=invented
        )
        for year in years:
            Deflator.objects.create(act=this, release=release, year=year, index=100)


def return_all(cast, year):
    for quarter in FinancialYear(year).quarters:
        for code, steps in {"NFD": ("asha", "ben"), "STM": ("omar", "dev")}.items():
            for person, step in zip(steps, ("submitted", "signed_off"), strict=True):
                with acting(cast.people[person]) as how:
                    returns.step(
                        **how, partnership=cast.partnership, council=cast.councils[code], quarter=quarter, step=step
                    )


def verdict(cast, reader="erin"):
    roll_up()
    with scope(person_id=cast.people[reader].pk if reader else None, on=ON):
        return verdict_of(cast.partnership, ON)


def test_nothing_is_said_of_an_empty_ledger(cast):
    assert verdict(cast) is None


def test_it_pays_when_what_is_signed_off_covers_the_cost(returned):
    a_proven_entry(returned, year=2024, amount_pence=9_000_00)
    found = verdict(returned)
    assert (found.words, found.reasons, found.change) == ("Pays", [], "")
    assert found.case.npv_proven_pence == pytest.approx(9_000_00 / 1.035 - 5_000_00, abs=1)


def test_it_is_unproven_until_finance_signs_off(returned):
    an_entry(returned, year=2024, amount_pence=9_000_00)
    found = verdict(returned)
    assert (found.words, found.verdict.reasons) == ("Pays but unproven", ["U1", "U2"])
    assert found.change == "It needs £5,000 more signed-off saving, in real terms."


def test_it_does_not_pay_yet(returned):
    a_proven_entry(returned, year=2024, amount_pence=1_035_00)
    found = verdict(returned)
    assert (found.words, found.change) == ("Not yet", "It needs £4,000 more net saving, in real terms.")


def test_it_ended_without_having_paid(returned):
    ended(returned, datetime.date(2026, 4, 1))
    assert verdict(returned).reasons == ["it ended before it had put back what it took out"]


def test_a_year_without_returns_is_missing_and_not_nought(cast):
    load_prices(range(2023, 2026))
    return_all(cast, 2023)
    an_entry(cast, year=2023, kind=Kind.ONE_OFF_COST)
    a_proven_entry(cast, year=2025, amount_pence=9_000_00)
    found = verdict(cast)
    assert (found.words, found.verdict.reasons) == ("Cannot tell", ["G2", "G6"])
    assert found.case.npv_all_pence is None


def test_charges_that_disagree_close_the_gate(returned):
    southmere_pays(returned, 50_000_00)
    southmere_pays(returned, 40_000_00, by="asha", council="NFD")
    assert verdict(returned).verdict.reasons == ["G5"]


def test_an_invented_price_index_serves_no_real_partnership(cast):
    load_prices(range(2023, 2026), invented=True)
    an_entry(cast, year=2023, kind=Kind.ONE_OFF_COST)
    assert "G6" in verdict(cast).verdict.reasons


def test_the_public_is_told_the_same(returned):
    a_proven_entry(returned, year=2024, amount_pence=9_000_00)
    assert verdict(returned, reader=None) is None
    show_to(returned, "public")
    assert verdict(returned, reader=None) == verdict(returned, reader="erin")
