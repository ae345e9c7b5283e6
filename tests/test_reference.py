"""The carried reference files agree with each other and hold what their sources hold. No database."""

import csv
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from councils.money import to_pence
from councils.years import FinancialYear

FOLDER = Path(__file__).parent.parent / "reference"

ROWS = {
    "councils": 470,
    "council_aliases": 1283,
    "council_successions": 75,
    "services": 49,
    "gdp_deflators": 35,
    "discount_rates": 6,
    "optimism_bias": 6,
    "outturn_england": 2665,
    "public_partnerships": 25,
    "public_partnership_vehicles": 29,
    "public_partnership_members": 75,
    "public_bodies": 9,
    "public_claims": 74,
    "lga_map_totals": 4,
    "studies": 16,
}


def table(name):
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def by(column, name):
    return {row[column]: row for row in table(name)}


@pytest.fixture(scope="module")
def councils():
    return by("code", "councils")


@pytest.mark.parametrize(("name", "count"), ROWS.items())
def test_each_file_has_the_rows_of_its_source(name, count):
    assert len(table(name)) == count


def test_every_file_is_listed_with_its_source():
    sources = (FOLDER / "SOURCES.md").read_text()
    files = {path.stem for path in FOLDER.glob("*.csv")}
    assert files == set(ROWS)
    assert [name for name in files if f"{name}.csv" not in sources] == []


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("councils", ["code"]),
        ("councils", ["slug"]),
        ("councils", ["name"]),
        ("council_aliases", ["code", "alias"]),
        ("council_successions", ["predecessor_code", "successor_code", "on"]),
        ("services", ["slug"]),
        ("outturn_england", ["ecode", "financial_year"]),
        ("public_partnerships", ["slug"]),
        ("public_partnership_members", ["partnership", "council"]),
        ("public_bodies", ["code"]),
        ("public_claims", ["position"]),
        ("studies", ["study_id"]),
    ],
)
def test_no_row_stands_twice(name, columns):
    keys = Counter(tuple(row[column] for column in columns) for row in table(name))
    assert [key for key, count in keys.items() if count > 1] == []


def test_councils_name_counties_and_combined_authorities_that_exist(councils):
    for row in councils.values():
        assert row["county_code"] in {"", *councils}
        assert row["combined_authority_code"] in {"", *councils}
    assert sum(not row["ended_on"] for row in councils.values()) == 397


def test_the_shares_of_each_predecessor_sum_to_one_on_the_day_it_ended(councils):
    shares, days = defaultdict(Decimal), defaultdict(set)
    for row in table("council_successions"):
        shares[row["predecessor_code"]] += Decimal(row["share"])
        days[row["predecessor_code"]].add(row["on"])
        assert row["successor_code"] in councils
    assert set(shares.values()) == {Decimal("1.0000")}
    assert all(councils[code]["ended_on"] in on and len(on) == 1 for code, on in days.items())
    assert sorted(code for code, row in councils.items() if row["ended_on"]) == sorted(shares)


def test_outturn_lines_sum_to_their_total_within_a_thousand_pounds():
    silent = []
    for row in table("outturn_england"):
        total = row.pop("total_service_expenditure_gbp_k")
        lines = [Decimal(value) for column, value in row.items() if column.endswith("_gbp_k") and value]
        if total:
            assert abs(sum(lines) - Decimal(total)) <= 1
        else:
            silent.append((row["local_authority"], row["financial_year"], lines))
    assert silent == [("Copeland", "2017-18", [])]


def test_every_outturn_row_of_a_council_finds_it_by_its_code(councils):
    known = {row["ecode"] for row in councils.values()}
    strangers = [row for row in table("outturn_england") if row["ecode"] not in known]
    assert {row["class"] for row in strangers} == {"O"}
    assert len(strangers) == 521


def test_every_catalogue_line_is_an_outturn_column():
    columns = table("outturn_england")[0]
    assert [row["slug"] for row in table("services") if f"{row['outturn_line']}_gbp_k" not in columns] == []


def test_deflators_are_one_release_without_gaps():
    rows = table("gdp_deflators")
    years = [FinancialYear.parse(row["financial_year"]).start for row in rows]
    assert years == list(range(1990, 2025))
    assert len({row["vintage"] for row in rows}) == 1
    assert Decimal(rows[-1]["index"]) == 100


# The 25 real partnerships


def test_every_member_is_a_council_of_the_register_or_a_listed_body(councils):
    bodies = by("code", "public_bodies")
    assert all(code.startswith("X-") for code in bodies)
    assert not set(bodies) & set(councils)
    assert not {row["slug"] for row in bodies.values()} & {row["slug"] for row in councils.values()}
    members = {row["council"] for row in table("public_partnership_members")}
    assert members <= {*councils, *bodies}
    assert set(bodies) <= members


def test_every_member_existed_when_its_partnership_began(councils):
    """Somerset before 2023 is the county, Taunton Deane before 2019 is itself."""
    partnerships = by("slug", "public_partnerships")
    for row in table("public_partnership_members"):
        council = councils.get(row["council"], {})
        joined = row["from"] or partnerships[row["partnership"]]["started"]
        assert (council.get("started_on") or joined) <= joined, row
        assert (council.get("ended_on") or "9999") > joined, row


def test_published_members_are_all_taken_in():
    pieces = defaultdict(set)
    for row in table("public_partnership_members"):
        pieces[row["partnership"]].add(row["name_as_published"])
    for row in table("public_partnerships"):
        published = {name.strip() for name in row["members_as_published"].split(";")}
        assert published <= pieces[row["slug"]]


def test_each_partnership_has_members_services_a_vehicle_and_claims():
    slugs = set(by("slug", "public_partnerships"))
    catalogue = set(by("slug", "services"))
    for name in ("public_partnership_members", "public_partnership_vehicles", "public_claims"):
        assert {row["partnership"] for row in table(name)} == slugs
    for row in table("public_partnerships"):
        assert row["services"]
        assert set(row["services"].split()) <= catalogue
        assert row["summary"].endswith(".")
        assert row["name"]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("public_partnerships", ["started", "ended"]),
        ("public_partnership_members", ["from", "to"]),
        ("public_partnership_vehicles", ["from"]),
    ],
)
def test_a_date_is_never_more_exact_than_what_was_published(name, columns):
    for row in table(name):
        for column in columns:
            precision = row[f"{column}_precision"]
            if not row[column]:
                assert precision == ""
                continue
            day = date.fromisoformat(row[column])
            assert precision in {"day", "month", "year"}
            assert precision == "day" or day.day == 1
            assert precision != "year" or day.month == 1


def test_claims_are_carried_in_whole_pence_and_sum_to_the_control_totals():
    claims, totals = table("public_claims"), Counter()
    for row in claims:
        million = row["amount_gbp_m"]
        assert row["amount_pence"] == (str(to_pence(Decimal(million) * 1_000_000)) if million else "")
        totals[row["kind"]] += int(row["amount_pence"] or 0)
    assert [row["position"] for row in claims if not row["amount_pence"]] == ["8", "50", "51", "72"]
    assert Counter(row["kind"] for row in claims) == {
        "projected": 30,
        "reported_achieved": 28,
        "investment": 6,
        "adverse": 6,
        "counter_claim": 4,
    }
    assert totals == {
        "projected": 900_246_000_00,
        "reported_achieved": 236_997_029_00,
        "investment": 11_818_463_00,
        "adverse": -242_050_000_00,
        "counter_claim": 73_200_000_00,
    }


def test_every_claim_says_who_said_it_on_what_basis_and_where():
    for row in table("public_claims"):
        blank = [column for column in ("claimant", "metric_basis", "source_title", "verified") if not row[column]]
        assert blank == (["metric_basis"] if row["position"] == "8" else [])
        assert row["source_url"].startswith("http")


def test_lgss_is_complete_from_the_banked_11m_to_the_inspector():
    claims = [row for row in table("public_claims") if row["partnership"] == "lgss"]
    assert [row["amount_gbp_m"] for row in claims] == ["11", "3.6", "3.32", "9.47", "6.5", "5.7", "8", ""]
    assert "banked 11m" in claims[0]["statement"]
    assert "very hard to see what additional saving" in claims[-1]["statement"]
    lgss = by("slug", "public_partnerships")["lgss"]
    assert (lgss["started"], lgss["ended"]) == ("2010-10-01", "2020-12-01")
    members = [row for row in table("public_partnership_members") if row["partnership"] == "lgss"]
    assert {row["council"]: row["from"] for row in members} == {"CAM": "", "NTH": "", "MIK": "2016-01-01"}


def test_tri_boroughs_partners_contradict_each_other_by_42_8_million():
    claims = {row["claimant"]: row for row in table("public_claims") if row["partnership"] == "tri-borough"}
    assert len(claims) == 5
    westminster, hammersmith = claims["Westminster CC 2017"], claims["Hammersmith & Fulham leader 2017"]
    assert int(westminster["amount_pence"]) - int(hammersmith["amount_pence"]) == 42_800_000_00
    assert westminster["metric_basis"] != hammersmith["metric_basis"]
