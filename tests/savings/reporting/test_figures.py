"""What readers are told: the same figure for everybody who may see it, and nothing for those who may not."""

import datetime

import pytest

from councils.scope import scope
from savings.models.typed import Kind
from savings.reporting import figures
from tests.factories import a_proven_entry, acting, an_entry, show_to

from .ledger import ON, roll_up, southmere_claims, southmere_pays


@pytest.fixture
def five_years(cast):
    """Northford spends in 2021, saves from 2023, and forecasts nothing; one saving lies in the year after reading."""
    an_entry(cast, year=2021, kind=Kind.ONE_OFF_COST, amount_pence=5_000_00)
    a_proven_entry(cast, year=2023, amount_pence=3_000_00, code="R1")
    an_entry(cast, year=2025, amount_pence=4_000_00)
    an_entry(cast, year=2027, amount_pence=9_000_00)
    roll_up()
    return cast


def council(cast, reader, code="NFD"):
    with acting(cast.people[reader]):
        return figures.council_figures(cast.councils[code], ON)


def test_totals_go_through_the_year_of_reading(five_years):
    found = council(five_years, "erin")
    assert found.since == 2021
    assert (found.total.claimed, found.total.proven, found.total.costs) == (7_000_00, 3_000_00, 5_000_00)
    assert (found.total.net_claimed, found.total.net_counted, found.total.net_proven) == (2_000_00, 2_000_00, -2_000_00)


def test_the_curve_has_every_year_and_stops_where_nobody_knows_yet(five_years):
    found = council(five_years, "erin")
    assert [year.label for year in found.years] == [f"{y}/{y - 1999}" for y in range(2021, 2028)]
    assert [point.counted for point in found.points] == [
        -5_000_00, -5_000_00, -2_000_00, -2_000_00, 2_000_00, 2_000_00, None,
    ]  # fmt: skip


def test_a_page_is_one_query(five_years, django_assert_num_queries):
    with acting(five_years.people["erin"]):
        with django_assert_num_queries(1):
            figures.council_figures(five_years.councils["NFD"], ON)
        with django_assert_num_queries(1):
            figures.partnership_figures(five_years.partnership, ON)
        with django_assert_num_queries(1):
            figures.by_partnership([five_years.partnership.pk], ON)
        with django_assert_num_queries(2):
            figures.freshness(on=ON, council=five_years.councils["NFD"])


def test_lists_and_pages_agree(five_years):
    southmere_claims(five_years, amount_pence=70_00)
    southmere_pays(five_years, 30_00)
    roll_up()
    with acting(five_years.people["erin"]):
        partnership = figures.partnership_figures(five_years.partnership, ON)
        assert figures.by_partnership([five_years.partnership], ON) == {five_years.partnership.pk: partnership.total}
        by_council = figures.by_council(five_years.councils.values(), ON)
    assert by_council == {member.id: member.figures for member in partnership.members}


@pytest.mark.parametrize(
    ("who", "reader", "sees"),
    [
        ("members", "dev", True), ("members", "cleo", False), ("members", None, False),
        ("sector", "cleo", True), ("sector", None, False), ("public", "cleo", True), ("public", None, True),
    ],
)  # fmt: skip
def test_each_audience_sees_the_same_figures_or_none(five_years, who, reader, sees):
    show_to(five_years, who)
    roll_up()
    person = five_years.people[reader].pk if reader else None
    with scope(person_id=person, on=ON):
        found = figures.council_figures(five_years.councils["NFD"], ON)
    assert (found == council(five_years, "erin")) is sees
    assert (found.total == figures.Figures()) is not sees


def test_freshness_says_what_waits(five_years):
    an_entry(five_years, year=2023, scheme="ICT-01")
    with acting(five_years.people["erin"]):
        found = figures.freshness(on=ON, partnership=five_years.partnership)
    assert (found.waiting, found.parked) == (1, 0)
    assert found.oldest_at <= found.as_at
    assert found.last_event > 0
    with acting(five_years.people["cleo"]):
        assert figures.freshness(on=ON).waiting == 0, "what waits elsewhere is not hers to know"


@pytest.mark.parametrize(
    ("day", "year"), [((2026, 6, 29), 2024), ((2026, 6, 30), 2025), ((2026, 12, 31), 2025), ((2027, 3, 31), 2025)]
)
def test_a_year_is_complete_when_its_fourth_return_is_due(day, year):
    assert figures.last_complete_year(datetime.date(*day)).start == year
