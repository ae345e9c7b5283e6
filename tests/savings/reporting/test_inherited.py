"""Recurring savings pass to successors: asked by their shares, attested under their own name, lapsed as anybody's."""

import datetime

import pytest

from councils.acts import act
from councils.years import FinancialYear, Quarter
from partnerships.models import Membership
from savings.actions import recurring
from savings.actions.recurring import Delivers, Ended
from savings.attesting import lines_of, years_of
from savings.models import Entry
from savings.models.typed import BenefitClass
from savings.reporting import closing
from savings.reporting.closing_together import open_in
from savings.reporting.quarters import member_quarter
from savings.reporting.recurring import Standing, savings
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, acting, an_entry, succeed

DAY = datetime.date(2026, 4, 1)
THIS, TODAY, JULY = FinancialYear(2026), NOW.date(), datetime.date(2027, 7, 1)
CASH = BenefitClass.CASH_RELEASING


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def join(cast, code, on=DAY):
    with as_role("worker"), act(by=cast.people["ada"], at=NOW, verb="joined", subject=code, register=True) as this:
        Membership.objects.create(
            act=this, partnership=cast.partnership, council=cast.councils[code], role="receiver", starts_on=on
        )


@pytest.fixture
def passed(cast):
    """Southmere banked £1,000.01 in 2025/26 and passed to Westvale (60%) and Northford (40%), which banked £500."""
    an_entry(cast, by="omar", council="STM", year=2025, amount_pence=1_000_01)
    an_entry(cast, year=2025, amount_pence=500_00)
    with as_role("worker"):
        succeed(cast, "STM", {"WSV": 6_000, "NFD": 4_000}, on=DAY)
    join(cast, "WSV")


def of(cast, code=None, on=TODAY, by="cleo"):
    with acting(cast.people[by]):
        where = {"council": cast.councils[code]} if code else {"partnership": cast.partnership}
        return {one.council.code: one for one in savings(on, **where)}


def attest(cast, code, by, pence):
    with acting(cast.people[by]) as how:
        answer = Delivers(
            scheme=cast.schemes["REV-01"], benefit_class=CASH, whole=True, amount_pence=pence, file=a_file(),
            ledger_code=f"{code}26", reduction_pence=pence,
        )  # fmt: skip
        return recurring.attest(council=cast.councils[code], year=THIS, answers=[answer], **how)


def test_successors_are_asked_their_shares_and_their_own_beside(cast, passed):
    with acting(cast.people["cleo"]):
        (line,) = lines_of(cast.councils["WSV"], THIS, on=NOW.date(), at=NOW)
        assert (line.before, line.own_before, line.expected, line.open) == (600_01, 0, 600_01, True)
        assert line.inherited == [("Southmere", 600_01, 1_000_01)]
        assert [(year.start, many, left) for year, many, left in years_of(cast.councils["WSV"], on=NOW.date())] == [
            (2026, 1, 1)
        ]
        assert lines_of(cast.councils["WSV"], FinancialYear(2025), on=NOW.date(), at=NOW) == []
    with acting(cast.people["ben"]):
        (line,) = lines_of(cast.councils["NFD"], THIS, on=NOW.date(), at=NOW)
        assert (line.before, line.own_before) == (900_00, 500_00)
        (line,) = lines_of(cast.councils["STM"], THIS, on=NOW.date(), at=NOW)
        assert (line.passed, line.open) == (True, False)  # nobody attests under the name of what is no more


def test_the_run_rate_passes_whole(cast, passed):
    found = of(cast)
    assert {code: one.run_rate for code, one in found.items()} == {"STM": 0, "WSV": 600_01, "NFD": 900_00}
    assert found["STM"].standing == Standing.PASSED
    assert {code: of(cast, code)[code].run_rate for code in found} == {
        code: one.run_rate for code, one in found.items()
    }


def test_a_successor_attests_under_its_own_name(cast, passed):
    (entry,) = attest(cast, "WSV", "cleo", 580_00)
    with acting(cast.people["cleo"]):
        assert Entry.objects.get(pk=entry.pk).council == cast.councils["WSV"]
        (line,) = lines_of(cast.councils["WSV"], THIS, on=NOW.date(), at=NOW)
        assert (line.now, line.before, line.open) == (580_00, 600_01, False)
    assert of(cast, "WSV")["WSV"].run_rate == 580_00
    assert of(cast, "WSV")["WSV"].own == {2025: 0, 2026: 580_00}
    later = of(cast, on=JULY)
    assert (later["STM"].standing, later["WSV"].standing) == (Standing.PASSED, Standing.LIVE)
    assert later["NFD"].standing == Standing.LAPSED
    assert later["STM"].taken_back == []  # its end is not the saving's
    assert [spell.pence for spell in later["NFD"].taken_back] == [500_00]  # its own, not Southmere's
    assert of(cast, "STM", on=JULY)["STM"].standing == Standing.PASSED


def test_what_no_successor_attests_lapses_for_all(cast, passed):
    later = of(cast, on=JULY)
    assert {one.standing for one in later.values()} == {Standing.LAPSED}
    assert {code: sum(s.pence for s in one.taken_back) for code, one in later.items()} == {
        "STM": 1_000_01, "NFD": 500_00, "WSV": 0
    }  # fmt: skip


def test_what_had_ended_is_not_inherited(cast):
    an_entry(cast, by="omar", council="STM", year=2025)
    with acting(cast.people["dev"]) as how:
        said = Ended(scheme=cast.schemes["REV-01"], benefit_class=CASH, reason="The post was filled again")
        recurring.attest(council=cast.councils["STM"], year=THIS, answers=[said], **how)
    with as_role("worker"):
        succeed(cast, "STM", {"WSV": 10_000}, on=DAY)
    join(cast, "WSV")
    assert of(cast, "WSV") == {}
    assert of(cast)["STM"].standing == Standing.ENDED


def test_who_is_no_member_inherits_nothing_to_attest(cast):
    an_entry(cast, by="omar", council="STM", year=2025)
    with as_role("worker"):
        succeed(cast, "STM", {"WSV": 10_000}, on=DAY)
    assert of(cast, "WSV") == {}
    assert of(cast)["STM"].standing == Standing.LEFT


def test_the_screen_says_where_it_comes_from(cast, passed, sign_in):
    page = sign_in("ben").get("/recurring/NFD/2026-27/").text
    assert "As successor you have <strong>£400.00</strong> of the £1,000.01 that Southmere banked" in page
    assert "beside £500.00 of your own" in page
    assert 'value="900.00"' in page
    assert "Recurring savings to attest" in sign_in("cleo").get("/").text


def checklist(cast, code, by, year=2026):
    """What the return of the fourth quarter names as not recorded again, asked one return at a time and together."""
    with acting(cast.people[by]):
        one, _ = member_quarter("north-south", code, Quarter(FinancialYear(year), 4), readers={cast.councils[code].pk},
                                today=datetime.date(2027, 4, 20))  # fmt: skip
        together = open_in(cast.councils[code], [one])[cast.partnership.pk, one.quarter.first_day]
        named = [scheme.reference for scheme in closing.lapsed(one)]
        assert together.lapsed == len(named)
        return named


def test_the_return_of_the_fourth_quarter_names_what_was_inherited(cast, passed):
    assert checklist(cast, "WSV", "cleo") == ["REV-01"]  # of which Westvale itself never banked anything
    assert checklist(cast, "NFD", "ben") == ["REV-01"]
    attest(cast, "WSV", "cleo", 600_01)
    assert checklist(cast, "WSV", "cleo") == []
    assert checklist(cast, "NFD", "ben") == ["REV-01"]
