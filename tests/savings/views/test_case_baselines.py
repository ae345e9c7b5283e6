"""Baselines from outturn or with a document, volumes by year, and what sharing is measured against (R1, R2)."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from councils.acts import act
from councils.models import Outturn, Person
from partnerships.models import Baseline, BusinessCase
from savings.models import BaselineSource, Deflator, DeflatorRelease, Document, Entry
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, an_entry
from tests.savings.views.test_business_cases import CASE, NEW, filled
from tests.savings.views.test_entries import a_pdf, seen_by

VOLUMES = f"{CASE}volumes/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def outturn(cast):
    """Northford reported £1,000,000.00 in 2020/21 and £1,100,000.00 in 2024/25; prices rose by a quarter between."""
    with as_role("worker"):
        system = Person.objects.get(system=True)
        with act(by=system, at=NOW, verb="loaded", subject="outturn", register=True) as this:
            rows = [
                Outturn.objects.create(
                    act=this, council=cast.councils["NFD"], ecode="E9999", year=year, line="central_services",
                    amount_pence=pence, release="RO6 2024-25",
                )
                for year, pence in ((2020, 1_000_000_00), (2024, 1_100_000_00))
            ]  # fmt: skip
            release = DeflatorRelease.objects.create(
                act=this, name="Test", released_on=datetime.date(2026, 3, 31), index_base="2024-25 = 100"
            )
            for year, index in ((2020, 80), (2021, 84), (2024, 100)):
                Deflator.objects.create(act=this, release=release, year=year, index=index)
    return rows


def a_volume(**said):
    return {"token": str(uuid.uuid4()), "year": "2024", "source": "CTB1", **said}


def key(cast, code="NFD"):
    return f"baseline_{cast.councils[code].pk}"


def drafted(cast, client, outturn, **changes):
    sent = filled(baselines="", **{key(cast): str(outturn[0].public_id)}) | changes
    answer = client.post(NEW, sent)
    assert answer.status_code == 302
    return answer


def test_the_screen_offers_the_councils_own_outturn_with_amount_and_source(cast, outturn, sign_in):
    page = sign_in("asha").get(NEW).text
    assert "2020/21: £1,000,000.00, central services" in page
    assert "No outturn of it is loaded for this service." in page  # of Southmere
    drafted(cast, sign_in("asha"), outturn)
    with seen_by(cast, "asha"):
        baseline = Baseline.objects.get()
        assert (baseline.amount_pence, baseline.year) == (1_000_000_00, 2020)
        assert baseline.source == "Revenue outturn, central services (RO6 2024-25)"
        assert baseline.from_source.outturn == outturn[0]


def test_a_typed_amount_comes_with_its_document(cast, outturn, sign_in):
    name = key(cast, "STM")
    typed = {name: "typed", f"{name}_year": "2020", f"{name}_amount": "750,000", f"{name}_source": "Ledger extract"}
    drafted(cast, sign_in("asha"), outturn, **typed, **{f"{name}_file": a_pdf()})
    with seen_by(cast, "asha"):
        document = Document.objects.get()
        assert BaselineSource.objects.get(council=cast.councils["STM"]).document == document
        assert document.council == cast.councils["NFD"]  # kept for the council that drafted
    page = sign_in("dev").get(CASE).text
    assert f"/documents/{document.public_id}/" in page
    assert "Ledger extract" in page


def test_half_a_baseline_is_asked_for_and_nothing_typed_is_lost(cast, outturn, sign_in):
    name = key(cast, "STM")
    page = sign_in("asha").post(NEW, filled(**{name: "typed", f"{name}_amount": "750,000", f"{name}_file": a_pdf()}))
    assert "Choose the year." in page.text
    assert "Say where it comes from." in page.text
    assert 'value="750,000"' in page.text
    assert "Choose the file again" in page.text
    page = sign_in("asha").post(NEW, filled(**{f"{name}_amount": "5"})).text
    assert "Choose “Another amount, typed below”, or empty the boxes below." in page
    twice = filled(**{key(cast): str(outturn[0].public_id)})  # and Northford, 2020/21 pasted as well
    assert "There are two baselines for one member and year." in sign_in("asha").post(NEW, twice).text


def test_the_database_holds_a_baseline_to_the_outturn_it_names(cast, outturn):
    with acting(cast.people["asha"]) as how, pytest.raises(DatabaseError, match="is the amount, council and year"):
        with transaction.atomic(), act(**how, verb="forged") as this:
            case = BusinessCase.objects.create(
                act=this, partnership=cast.partnership, version=1, title="Promise", horizon_year=2030,
                drafted_by=cast.people["asha"],
            )  # fmt: skip
            whose = {"act": this, "partnership": cast.partnership, "council": cast.councils["NFD"]}
            baseline = Baseline.objects.create(case=case, year=2020, amount_pence=1, source="RO6", **whose)
            BaselineSource.objects.create(baseline=baseline, outturn=outturn[0], **whose)


def test_the_three_factors_and_what_it_cost_are_shown(cast, outturn, sign_in):
    """1,000,000 x 100/80 x 1.44^0.5 = 1,500,000; it cost 1,100,000: gross 400,000, net of 30,000 one-off 370,000."""
    said = {"volume_driver": "Council tax accounts", "volume_unit": "accounts", "elasticity": "0.5",
            "volumes": "Northford, 2020/21, 100, CTB1"}  # fmt: skip
    drafted(cast, sign_in("asha"), outturn, **said)
    an_entry(cast, kind=Entry.Kind.ONE_OFF_COST, year=2024, amount_pence=30_000_00)
    asha = sign_in("asha")
    dark = asha.get(CASE).text
    assert "It cannot be told for Northford: there is no price index for 2022/23, 2023/24, 2025/26 and 2026/27" in dark
    assert (
        "there is no volume (Council tax accounts) for 2021/22, 2022/23, 2023/24, 2024/25, 2025/26 and 2026/27" in dark
    )
    answer = asha.post(VOLUMES, a_volume(council="northford", quantity="144"), follow=True)
    assert "Recorded for Northford, 2024/25: 144 accounts." in answer.text
    page = sign_in("gwen").get(CASE).text
    for words in ("× 1.250000", "× 1.200000", "£1,500,000.00", "£1,100,000.00", "£400,000.00", "£370,000.00"):
        assert words in page, words
    assert "there is no price index for 2022/23" in page  # refused, never extrapolated
    assert "k = 0.5" in page


def test_a_volume_given_again_replaces_and_both_stay(cast, outturn, sign_in):
    drafted(cast, sign_in("asha"), outturn, volume_driver="Accounts", volume_unit="accounts", elasticity="1")
    omar = sign_in("omar")
    for quantity in ("120", "121.5"):
        omar.post(VOLUMES, a_volume(council="southmere", quantity=quantity, unit="accounts"))
    page = omar.get(VOLUMES).text
    assert page.count("replaced<") == 1
    assert "121.5 accounts" in page
    assert omar.post(VOLUMES, a_volume(council="northford", quantity="1")).status_code == 200
    refused = omar.post(VOLUMES, a_volume(council="southmere", quantity="-1", source="Kept")).text
    assert "cannot be a volume" in refused
    assert "Kept" in refused
    assert sign_in("gwen").post(VOLUMES, {}).status_code == 403
    with seen_by(cast, "omar"):
        assert list(cast.partnership.volumes.values_list("council__code", "quantity")) == [
            ("STM", Decimal("120.000")), ("STM", Decimal("121.500")),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"elasticity": "0.5"}, "Say what the cost follows, or leave k at 0."),
        ({"volume_driver": "Accounts"}, "Say in which unit it is counted."),
        ({"volume_driver": "Accounts", "volumes": "Northford, 2020/21, many, CTB1"}, "“many” is not a number."),
        ({"elasticity": "1.5"}, "less than or equal to 1"),
    ],
)
def test_a_driver_is_whole_or_not_at_all(cast, sign_in, changes, words):
    page = sign_in("asha").post(NEW, filled(**changes)).text
    assert words in page
    assert "120,000" in page
