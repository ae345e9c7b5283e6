"""Quality held: a reading worse than tolerated disputes the claims of its year until that is decided or mended."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from councils.acts import act
from councils.models import Person, Role
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions import cover, decision, entries, quality, schemes
from savings.models import Decision, Dispute, DisputeOutcome, Entry, EntryState, Reading
from savings.models.typed import BenefitClass, Recurrence
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, a_proven_entry, acting, an_entry
from tests.savings.reporting.ledger import fact, roll_up

YEAR = FinancialYear(2025)
BAD, GOOD, LIMIT = Decimal(30), Decimal(22), Decimal(25)  # 21 days before sharing, 4 more are tolerated


def read(cast, value, *, by="asha", council="NFD", quarter=1, **more):
    with acting(cast.people[by]) as how:
        return quality.read(
            **how, indicator=cast.schemes["REV-01"].indicator, council=cast.councils[council],
            quarter=YEAR.quarters[quarter - 1], value=value, source="Performance report", **more,
        )  # fmt: skip


def correct(cast, reading, value, by="ben"):
    with acting(cast.people[by]) as how:
        return quality.correct(
            **how, reading=reading, value=value, source="Performance report", reason="A month was counted twice"
        )


def decide(cast, reading, outcome, by="ben", scheme="REV-01"):
    with acting(cast.people[by]) as how:
        return quality.decide(
            **how, reading=reading, scheme=cast.schemes[scheme], outcome=outcome, reason="The backlog is cleared"
        )


def disputed(*entries):
    with as_role("worker"):
        states = dict(EntryState.objects.values_list("entry_id", "disputed"))
    return [states.get(entry.pk, False) for entry in entries]


def test_exactly_at_the_limit_is_tolerated(cast):
    entry = an_entry(cast)
    read(cast, LIMIT)
    assert disputed(entry) == [False]
    read(cast, LIMIT + Decimal("0.0001"), quarter=2)
    assert disputed(entry) == [True]


def test_only_the_claims_of_that_member_year_and_class_are_disputed(cast):
    theirs = an_entry(cast, by="omar", council="STM")
    claims = [
        an_entry(cast, month=1),
        an_entry(cast, month=12),
        an_entry(cast, scheme="ICT-01"),
        an_entry(cast, year=2024),
        an_entry(cast, benefit_class=BenefitClass.COST_AVOIDANCE, month=2),
        an_entry(cast, series="forecast", year=2025, month=3),
        theirs,
    ]
    read(cast, BAD)
    assert disputed(*claims) == [True, True, True, False, False, False, False]
    with as_role("worker"):
        raised = Dispute.objects.select_related("raised_by", "act__person").first()
    assert raised.raised_by.system
    assert raised.act.person == cast.people["asha"]  # in the act of the reading, not beside it
    assert "read 30 (days)" in raised.reason
    assert "Before sharing it was 21, and 25 is tolerated" in raised.reason


def test_higher_may_be_better(cast):
    with acting(cast.people["ben"]) as how:
        collected = quality.agree(
            **how, partnership=cast.partnership, name="Collected", unit="%", higher_is_better=True,
            baseline=Decimal(97), tolerance=Decimal("0.3"),
        )  # fmt: skip
        schemes.change(**how, scheme=cast.schemes["REV-01"], reason="What counts is collection", indicator=collected)
    entry = an_entry(cast)
    for quarter, value, expected in ((1, "96.7", False), (2, "96.69", True)):
        with acting(cast.people["asha"]) as how:
            quality.read(
                **how, indicator=collected, council=cast.councils["NFD"], quarter=YEAR.quarters[quarter - 1],
                value=Decimal(value), source="Ledger",
            )  # fmt: skip
        assert disputed(entry) == [expected]


def test_a_claim_recorded_after_the_reading_is_disputed_too(cast):
    read(cast, BAD)
    assert disputed(an_entry(cast), an_entry(cast, year=2024)) == [True, False]


def test_a_scheme_that_names_the_indicator_afterwards_is_disputed_too(cast):
    with acting(cast.people["ben"]) as how:
        schemes.change(**how, scheme=cast.schemes["REV-01"], reason="None fits", indicator=None)
    entry = an_entry(cast)
    read(cast, BAD)
    assert disputed(entry) == [False]
    with acting(cast.people["ben"]) as how:
        schemes.change(
            **how, scheme=cast.schemes["REV-01"], reason="It fits", indicator=cast.schemes["REV-01"].indicator
        )
    assert disputed(entry) == [True]


def test_accepted_by_another_lead_the_claims_stand_also_those_recorded_later(cast):
    entry = an_entry(cast)
    reading = read(cast, BAD)
    decide(cast, reading, "dismissed")
    assert disputed(entry, an_entry(cast, month=None, scheme="REV-01")) == [False, False]


def test_upheld_the_claim_stays_disputed_until_the_reading_is_put_right(cast):
    entry = an_entry(cast)
    reading = read(cast, BAD)
    decide(cast, reading, "upheld")
    assert disputed(entry, an_entry(cast, month=None)) == [True, True]
    correct(cast, reading, GOOD)
    assert disputed(entry) == [False]


def test_a_reading_put_right_withdraws_what_stood_on_it(cast):
    entry = an_entry(cast)
    reading = read(cast, BAD)
    worse = correct(cast, reading, BAD + 1)
    assert disputed(entry) == [True]
    with as_role("worker"):
        assert Dispute.objects.count() == 1  # still bad: the same dispute stays open
    correct(cast, worse, GOOD)
    assert disputed(entry) == [False]
    with as_role("worker"):
        ended = DisputeOutcome.objects.select_related("decided_by").get()
    assert (ended.outcome, ended.decided_by.system) == ("withdrawn", True)


def test_what_was_accepted_is_asked_again_when_the_reading_changes_and_is_still_bad(cast):
    entry = an_entry(cast)
    reading = read(cast, BAD)
    decide(cast, reading, "dismissed")
    correct(cast, reading, BAD + 5)
    assert disputed(entry) == [True]


def test_two_bad_quarters_of_a_year_are_decided_each_by_itself(cast):
    entry = an_entry(cast)
    first, second = read(cast, BAD), read(cast, BAD, quarter=2)
    decide(cast, first, "dismissed")
    assert disputed(entry) == [True]
    decide(cast, second, "dismissed")
    assert disputed(entry) == [False]


def test_a_reversed_claim_is_not_disputed(cast):
    entry = an_entry(cast)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=entry, reason="Twice", **how)
    read(cast, BAD)
    with as_role("worker"):
        assert not Dispute.objects.exists()


def test_the_disputed_share_of_the_roll_up_follows(cast):
    an_entry(cast, amount_pence=700_00)
    reading = read(cast, BAD)
    roll_up()
    assert fact(cast)["disputed"] == 700_00
    decide(cast, reading, "dismissed")
    roll_up()
    assert "disputed" not in fact(cast)


@pytest.mark.parametrize("who", ["asha", "erin", "dev", "farah"])
def test_only_a_lead_of_the_council_decides(cast, who):
    an_entry(cast)
    reading = read(cast, BAD)
    with pytest.raises(Refused, match="A finance lead of the council"):
        decide(cast, reading, "dismissed", by=who)


def test_who_recorded_the_claim_or_read_the_indicator_does_not_decide(cast):
    an_entry(cast, by="ben")
    reading = read(cast, BAD)
    with pytest.raises(Refused, match="You recorded one"):
        decide(cast, reading, "dismissed")
    an_entry(cast, scheme="ICT-01")
    mine = read(cast, BAD, by="ben", quarter=2)
    with pytest.raises(Refused, match="You entered that reading"):
        decide(cast, mine, "dismissed", scheme="ICT-01")


def test_a_quarter_has_one_reading_put_right_once_and_with_a_reason(cast):
    reading = read(cast, GOOD)
    with pytest.raises(Refused, match="has a reading already"):
        read(cast, BAD)
    correct(cast, reading, LIMIT)
    with pytest.raises(Refused, match="meanwhile"):
        correct(cast, reading, BAD)
    with pytest.raises(Refused, match="Say why"):
        read(cast, BAD, quarter=2, replaces=read(cast, GOOD, quarter=2))


def test_an_officer_agrees_no_indicator(cast):
    with acting(cast.people["asha"]) as how, pytest.raises(Refused, match="A finance lead"):
        quality.agree(
            **how, partnership=cast.partnership, name="Easy", unit="%", higher_is_better=True, baseline=Decimal(1),
            tolerance=Decimal(99),
        )  # fmt: skip


# Round the ORM's actions: what the database itself refuses


def raw_reading(cast, this, **changes):
    indicator = cast.schemes["REV-01"].indicator
    fields = {
        "indicator": indicator, "partnership": cast.partnership, "council": cast.councils["NFD"], "value": GOOD,
        "quarter": YEAR.quarters[0].first_day, "source": "Report", "read_by": cast.people["asha"], "read_at": NOW,
    }  # fmt: skip
    return Reading.objects.create(act=this, **fields | changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"council": "STM"}, "row-level security"),
        ({"read_by": "ben"}, "names somebody else"),
        ({"source": " "}, "savings_reading_source"),
        ({"quarter": YEAR.month_first_day(2)}, "savings_reading_quarter"),
        ({"quarter": FinancialYear(2019).first_day}, "not a member"),
    ],
)
def test_a_reading_is_not_what_it_cannot_be(cast, changes, words):
    named = {"council": cast.councils, "read_by": cast.people}
    changes = {key: named[key][value] if key in named else value for key, value in changes.items()}
    with acting(cast.people["asha"]) as how, pytest.raises(DatabaseError, match=words):
        with transaction.atomic(), act(**how, verb="read") as this:
            raw_reading(cast, this, **changes)


def test_a_second_reading_beside_the_first_and_one_of_another_quarter_are_refused(cast):
    first = read(cast, GOOD)
    for changes, words in (
        ({}, "savings_reading_once"),
        ({"replaces": first, "reason": "x", "quarter": YEAR.quarters[1].first_day}, "of the same indicator"),
    ):
        with acting(cast.people["asha"]) as how, pytest.raises(DatabaseError, match=words):
            with transaction.atomic(), act(**how, verb="read") as this:
                raw_reading(cast, this, **changes)


@pytest.mark.parametrize("role", ["app", "worker"])
@pytest.mark.parametrize(("who", "named"), [("system", False), ("asha", True), ("system", True)])
def test_nobody_disputes_in_the_products_name_nor_without_a_bad_reading(cast, role, who, named):
    entry, reading = an_entry(cast), read(cast, GOOD)
    with as_role("worker"):
        by = Person.objects.get(system=True) if who == "system" else cast.people["asha"]
    with acting(cast.people["asha"]) as how, pytest.raises(DatabaseError):
        with as_role(role), transaction.atomic(), act(**how, verb="disputed") as this:
            Dispute.objects.create(
                act=this, entry=entry, partnership=cast.partnership, council=cast.councils["NFD"], reason="Bad",
                raised_by=by, raised_at=NOW, reading=reading if named else None,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "outcome"), [("ben", "dismissed"), ("dev", "dismissed"), ("asha", "dismissed"), ("ben", "withdrawn")]
)
def test_the_database_holds_who_decides_on_quality(cast, who, outcome):
    """Ben read the indicator here; Dev leads another council; Asha recorded the claim."""
    an_entry(cast)
    read(cast, BAD, by="ben")
    with as_role("worker"):
        dispute = Dispute.objects.get()
    with acting(cast.people[who]) as how, pytest.raises(DatabaseError):
        with transaction.atomic(), act(**how, verb="decided") as this:
            DisputeOutcome.objects.create(
                act=this, dispute=dispute, entry_id=dispute.entry_id, partnership=cast.partnership,
                council=cast.councils["NFD"], outcome=outcome, reason="Fine", decided_by=cast.people[who],
                decided_at=NOW,
            )  # fmt: skip


@pytest.fixture
def unmeasured(cast):
    """A documented, budgeted claim on a scheme that names no indicator."""
    with acting(cast.people["ben"]) as how:
        schemes.change(**how, scheme=cast.schemes["ICT-01"], reason="It measures revenues only", indicator=None)
    return an_entry(cast, scheme="ICT-01", ledger_code="I1", reduction_pence=1_000_00, files=[a_file()], council="NFD")


def test_a_cash_releasing_claim_without_an_indicator_is_not_signed_off(cast, unmeasured):
    with acting(cast.people["ben"]) as how, pytest.raises(Refused, match="names no quality indicator"):
        decision.sign_off(entry=unmeasured, **how)
    with acting(cast.people["ben"]) as how, pytest.raises(DatabaseError, match="names a quality indicator"):
        with transaction.atomic(), act(**how, verb="signed off") as this:
            Decision.objects.create(
                act=this, entry=unmeasured, partnership=cast.partnership, council=cast.councils["NFD"],
                outcome="signed_off", support=unmeasured.supports.get(), recorded_by=cast.people["asha"],
                decided_by=cast.people["ben"], decided_at=NOW,
            )  # fmt: skip


def test_a_lead_may_state_why_no_indicator_applies(cast, unmeasured):
    for who in ("asha", "cleo"):
        with acting(cast.people[who]) as how, pytest.raises(Refused, match="A finance lead of a member"):
            quality.waive(scheme=cast.schemes["ICT-01"], reason="A licence has no service behind it", **how)
    with acting(cast.people["dev"]) as how:
        quality.waive(scheme=cast.schemes["ICT-01"], reason="A licence has no service behind it", **how)
    with acting(cast.people["ben"]) as how:
        assert decision.sign_off(entry=unmeasured, **how)


def test_costs_and_other_classes_need_no_indicator(cast, unmeasured):
    saved = an_entry(cast, scheme="ICT-01", benefit_class=BenefitClass.COST_AVOIDANCE, files=[a_file()], month=None)
    with acting(cast.people["ben"]) as how:
        assert decision.sign_off(entry=saved, **how)


def test_a_proven_entry_keeps_its_grade_while_quality_is_disputed(cast):
    """Quality is a separate fact: it never makes the grade."""
    entry = a_proven_entry(cast)
    read(cast, BAD)
    with as_role("worker"):
        state = Entry.objects.get(pk=entry.pk).state
    assert (state.grade, state.disputed) == (2, True)
    assert cast.schemes["REV-01"].recurrence == Recurrence.RECURRING


def test_a_deputy_does_not_decide_on_what_the_absent_recorded(cast):
    an_entry(cast, by="ben")
    reading = read(cast, BAD)
    with acting(cast.people["ben"]) as how:
        cover.name_deputy(
            council=cast.councils["NFD"], covered=cast.people["ben"], deputy=cast.people["gwen"],
            what=Role.What.FINANCE_LEAD, starts_on=NOW.date(), until=NOW.date(), reason="Leave", **how,
        )  # fmt: skip
    with pytest.raises(Refused, match="stand in for the person"):
        decide(cast, reading, "dismissed", by="gwen")
