"""Rule 3: one saving claimed in two partnerships is disputed in both, until the council's lead says otherwise."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from councils.acts import act
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions import distinctions, entries, schemes
from savings.models import DistinctionAcross, DoubleClaim, Mark
from savings.models.typed import BenefitClass, Recurrence
from savings.reporting import rollups
from savings.reporting.double_claims import kept
from tests.database import as_role
from tests.factories import acting, an_entry, found_together

from .ledger import fact, roll_up, southmere_claims

Y2025 = FinancialYear(2025)


def second_partnership(cast):
    """Northford collects council tax with Westvale too; returns the cast as seen from there."""
    with acting(cast.people["ben"]) as how:
        other = found_together(
            cast, **how, slug="north-west", name="North and West Revenues", started_on=datetime.date(2021, 4, 1),
            form="joint_committee", services=[cast.schemes["REV-01"].service],
            members=[
                {"council": cast.councils["NFD"], "role": "provider", "host": True},
                {"council": cast.councils["WSV"], "role": "receiver"},
            ],
        )  # fmt: skip
    with acting(cast.people["ben"]) as how:
        scheme = schemes.propose(
            **how, partnership=other, service=cast.schemes["REV-01"].service, reference="NW-01", title="One manager",
            owner="Head of revenues", benefit_class=BenefitClass.CASH_RELEASING, recurrence=Recurrence.RECURRING,
        )  # fmt: skip
    return cast._replace(partnership=other, schemes={"NW-01": scheme})


def claimed_in_both(cast, pence=90_000_00, near=90_500_00):
    there = second_partnership(cast)
    return there, an_entry(cast, amount_pence=pence), an_entry(there, scheme="NW-01", amount_pence=near)


def told_apart(cast, there, by="ben", reason="One post in each partnership."):
    with acting(cast.people[by]) as how:
        return distinctions.find_distinct_across(
            **how, council=cast.councils["NFD"], year=Y2025, scheme=cast.schemes["REV-01"],
            other_scheme=there.schemes["NW-01"], reason=reason,
        )  # fmt: skip


def test_near_claims_in_two_partnerships_are_counted_and_disputed_in_both(cast):
    there, *_ = claimed_in_both(cast)
    roll_up()
    assert (fact(cast)["counted"], fact(cast)["disputed"]) == (90_000_00, 90_000_00)
    assert (fact(there)["counted"], fact(there)["disputed"]) == (90_500_00, 90_500_00)


def test_a_claim_makes_the_other_partnership_stale(cast):
    there = second_partnership(cast)
    an_entry(there, scheme="NW-01", amount_pence=90_000_00)
    roll_up()
    an_entry(cast, amount_pence=90_500_00)
    with as_role("worker"):
        assert {mark.partnership_id for mark in Mark.objects.all()} == {cast.partnership.pk, there.partnership.pk}
    roll_up()
    assert fact(there)["disputed"] == 90_000_00


@pytest.mark.parametrize("fields", [{"year": 2024}, {"amount_pence": 80_000_00}, {"scheme": "ICT-01"}])
def test_another_year_amount_or_service_is_another_saving(cast, fields):
    there = second_partnership(cast)
    an_entry(there, scheme="NW-01", amount_pence=90_000_00)
    an_entry(cast, **{"amount_pence": 90_500_00, **fields})
    roll_up()
    assert "disputed" not in fact(there)


def test_another_council_is_another_saving(cast):
    there = second_partnership(cast)
    southmere_claims(cast, amount_pence=90_000_00)
    an_entry(there, scheme="NW-01", amount_pence=90_000_00)
    roll_up()
    assert "disputed" not in fact(there)


def test_a_reversal_ends_it_in_both(cast):
    there, entry, _ = claimed_in_both(cast)
    roll_up()
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=entry, reason="Claimed there", **how)
    roll_up()
    assert "disputed" not in fact(there)


def test_found_distinct_neither_is_disputed(cast):
    there, *_ = claimed_in_both(cast)
    told_apart(cast, there)
    roll_up()
    assert "disputed" not in fact(cast)
    assert "disputed" not in fact(there)


def test_whoever_recorded_one_does_not_find_them_distinct(cast):
    there, *_ = claimed_in_both(cast)
    an_entry(cast, by="ben", month=None, amount_pence=1_00)
    with pytest.raises(Refused, match="somebody else"):
        told_apart(cast, there)
    with as_role("worker"), pytest.raises(IntegrityError, match="recorded neither"), transaction.atomic():
        raw_distinction(cast, there, by="asha")


def raw_distinction(cast, there, *, by, council="NFD", swap=False):
    """Round the action."""
    pair = [(cast.partnership, cast.schemes["REV-01"]), (there.partnership, there.schemes["NW-01"])]
    (partnership, scheme), (other_partnership, other_scheme) = pair[::-1] if swap else pair
    person = cast.people[by]
    at = datetime.datetime(2026, 6, 15, 10, tzinfo=datetime.UTC)
    with act(by=person, at=at, verb="found distinct") as this:
        return DistinctionAcross.objects.create(
            act=this, council=cast.councils[council], year=2025, partnership=partnership, scheme=scheme,
            other_partnership=other_partnership, other_scheme=other_scheme, reason="Two", decided_by=person,
            decided_at=at,
        )  # fmt: skip


@pytest.mark.parametrize("who", ["asha", "dev", "erin", "farah", "cleo"])
def test_only_a_lead_of_the_council_itself_may(cast, who):
    """Asha records, Dev leads the other member, Erin and Farah only read, Cleo leads a member of the other one."""
    there = second_partnership(cast)
    with acting(cast.people[who]), pytest.raises(Exception, match="row-level security"), transaction.atomic():
        raw_distinction(cast, there, by=who)


def test_a_distinction_names_its_partnerships_in_order_and_their_own_schemes(cast):
    there = second_partnership(cast)
    with acting(cast.people["ben"]), pytest.raises(IntegrityError, match="savings_across_order"), transaction.atomic():
        raw_distinction(cast, there, by="ben", swap=True)
    wrong = there._replace(schemes={"NW-01": cast.schemes["ICT-01"]})
    with acting(cast.people["ben"]), pytest.raises(IntegrityError), transaction.atomic():
        raw_distinction(cast, wrong, by="ben")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_second_time_is_refused_in_words(cast):
    there, *_ = claimed_in_both(cast)
    told_apart(cast, there)
    with pytest.raises(Refused, match="distinct already"):
        told_apart(cast, there)


def test_what_is_kept_adds_up_to_claimed_less_counted(cast):
    an_entry(cast, amount_pence=90_000_00)
    southmere_claims(cast, amount_pence=90_500_00)
    roll_up()
    left_out = sum(each.pence for each in all_kept(cast) if not each.counts)
    both = [fact(cast), fact(cast, "STM")]
    assert left_out == sum(each.get("claimed", 0) - each.get("counted", 0) for each in both) == 90_500_00


def all_kept(cast):
    with acting(cast.people["ben"]):
        return kept([cast.partnership.pk])


def test_somebody_elsewhere_sees_none_of_it(cast):
    claimed_in_both(cast)
    roll_up()
    with acting(cast.people["ben"]):
        assert DoubleClaim.objects.count() == 2
    with acting(cast.people["dev"]):
        assert {each.partnership_id for each in DoubleClaim.objects.all()} == {cast.partnership.pk}
    with acting(cast.people["ada"]):
        assert not DoubleClaim.objects.exists()


def test_the_function_behind_rule_3_tells_nothing_of_partnerships_out_of_scope(cast):
    claimed_in_both(cast)
    statement = """SELECT count(*) FROM claims_elsewhere(%s, 2025, ARRAY[1::bigint], ARRAY[%s::bigint],
                   ARRAY['revenues'], ARRAY[1::bigint], ARRAY[9000000::bigint], 100, 100000)"""
    for who, expected in (("ben", 1), ("dev", 1), ("cleo", 0), ("ada", 0)):
        with acting(cast.people[who]), connection.cursor() as cursor:
            cursor.execute(statement, [cast.partnership.pk, cast.councils["NFD"].pk])
            assert cursor.fetchone()[0] == expected, who


def test_marks_of_the_neighbour_follow_every_claim_however_it_is_kept(cast):
    """Two partnerships drained one after the other, and again: nothing differs."""
    claimed_in_both(cast)
    with as_role("worker"):
        rollups.mark_all()
    roll_up()
