"""Facts of ledgers small enough to add up by eye. `roll_up` also compares each with the ledger by separate SQL."""

import pytest

from councils.years import FinancialYear
from partnerships import actions as arrangement
from savings.actions import decision, disputes, distinctions, entries, evidence, promise
from savings.models import Support
from savings.models.typed import BenefitClass, Kind, Recurrence, Series
from savings.reporting import figures
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, a_proven_entry, acting, an_entry, show_to

from .ledger import ON, audiences, fact, nil_return, roll_up, southmere_claims, southmere_pays

Y2025 = FinancialYear(2025)


def test_every_kind_of_money_lands_in_its_own_figure(cast):
    a_proven_entry(cast, amount_pence=10_000_00)
    an_entry(cast, scheme="ICT-01", amount_pence=3_000_00, recurrence=Recurrence.ONE_OFF)
    for kind, pence in ((Kind.ONE_OFF_COST, 4_000_00), (Kind.RUNNING_COST, 500_00), (Kind.INCOME, 70_00)):
        an_entry(cast, kind=kind, amount_pence=pence)
    for benefit_class, pence in (
        (BenefitClass.NON_CASH_RELEASING, 1_00),
        (BenefitClass.COST_AVOIDANCE, 2_00),
        (BenefitClass.SERVICE_REDUCTION, 3_00),
        (BenefitClass.FUNDING_SHIFT, 4_00),
    ):
        an_entry(cast, benefit_class=benefit_class, amount_pence=pence)
    an_entry(cast, series=Series.FORECAST, amount_pence=6_000_00)
    an_entry(cast, series=Series.FORECAST, kind=Kind.RUNNING_COST, amount_pence=100_00)
    roll_up()
    assert fact(cast) == {
        "claimed": 13_000_00, "counted": 13_000_00, "proven": 10_000_00, "grade_0": 3_000_00, "grade_2": 10_000_00,
        "recurring": 10_000_00, "one_off_cost": 4_000_00, "running_cost": 500_00, "income": 70_00,
        "non_cash": 1_00, "avoidance": 2_00, "reduction": 3_00, "funding_shift": 4_00,
        "forecast": 6_000_00, "forecast_cost": 100_00, "entries": 9, "unsigned": 8,
    }  # fmt: skip


def test_twelve_months_with_one_document_are_one_claim(cast):
    for month in range(1, 13):
        an_entry(cast, month=month, amount_pence=100_00, document_ref="INV-1")
    roll_up()
    assert fact(cast) == {
        "claimed": 1_200_00, "counted": 1_200_00, "grade_0": 1_200_00, "recurring": 1_200_00,
        "entries": 12, "unsigned": 12,
    }  # fmt: skip


def test_charge_income_claimed_as_a_saving_counts_for_nothing(cast):
    """Northford is paid £50,000 in charges and books twelve months of near that as a saving."""
    southmere_pays(cast, 50_000_00)
    for month in range(1, 13):
        an_entry(cast, month=month, amount_pence=4_150_00)
    roll_up()
    provider, receiver = fact(cast), fact(cast, "STM")
    assert (provider["claimed"], provider.get("counted", 0)) == (49_800_00, 0)
    assert provider["charges_received"] == receiver["charges_paid"] == 50_000_00


def test_one_saving_claimed_by_provider_and_receiver_counts_once(cast):
    """The one with the higher grade counts, though it is the larger and the later."""
    an_entry(cast, amount_pence=90_000_00)
    a_proven_entry(cast, by="omar", signer="dev", council="STM", amount_pence=90_500_00)
    roll_up()
    assert fact(cast)["claimed"] == 90_000_00
    assert "counted" not in fact(cast)
    assert fact(cast, "STM")["counted"] == fact(cast, "STM")["proven"] == 90_500_00


def test_two_claims_found_distinct_count_twice(cast):
    an_entry(cast, amount_pence=90_000_00)
    southmere_claims(cast, amount_pence=90_500_00)
    with acting(cast.people["ben"]) as how:
        distinctions.find_distinct(
            **how, partnership=cast.partnership, year=Y2025, council=cast.councils["STM"],
            scheme=cast.schemes["REV-01"], other_council=cast.councils["NFD"], other_scheme=cast.schemes["REV-01"],
            reason="Two posts, one in each council.",
        )  # fmt: skip
    roll_up()
    assert fact(cast)["counted"] == 90_000_00
    assert fact(cast, "STM")["counted"] == 90_500_00


def test_a_chain_of_repeated_claims_counts_once(cast):
    """Northford's two claims share a document; Southmere's is near one of them. The smallest of equals counts."""
    an_entry(cast, amount_pence=80_000_00, document_ref="DOC")
    an_entry(cast, scheme="ICT-01", amount_pence=80_000_00, document_ref="DOC")
    southmere_claims(cast, amount_pence=79_500_00)
    roll_up()
    assert fact(cast)["claimed"] == 160_000_00
    assert "counted" not in fact(cast)
    assert fact(cast, "STM")["counted"] == 79_500_00


def test_the_same_file_behind_two_equal_claims_is_one_proof(cast):
    for scheme in ("REV-01", "ICT-01"):
        an_entry(cast, scheme=scheme, amount_pence=5_000_00, files=[a_file()])
    roll_up()
    assert (fact(cast)["claimed"], fact(cast)["counted"]) == (10_000_00, 5_000_00)


def test_a_reversal_of_a_signed_entry_takes_it_away_at_its_grade(cast):
    signed = a_proven_entry(cast, amount_pence=10_000_00)
    an_entry(cast, amount_pence=100_00)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=signed, reason="Booked twice", **how)
    roll_up()
    assert fact(cast) == {
        "claimed": 100_00, "counted": 100_00, "grade_0": 100_00, "recurring": 100_00, "entries": 3, "unsigned": 1,
    }  # fmt: skip


def test_a_withdrawn_document_takes_the_proof_with_it(cast):
    a_proven_entry(cast, amount_pence=10_000_00)
    with acting(cast.people["asha"]) as how:
        evidence.withdraw(support=Support.objects.get(), reason="The wrong minutes", **how)
    roll_up()
    assert fact(cast)["grade_0"] == 10_000_00
    assert "proven" not in fact(cast)


def test_an_open_dispute_is_shown_and_counts_until_it_ends(cast):
    entry = an_entry(cast, amount_pence=10_000_00)
    with acting(cast.people["dev"]) as how:
        dispute = disputes.dispute(entry=entry, council=cast.councils["STM"], reason="We paid for it", **how)
    roll_up()
    assert fact(cast)["disputed"] == fact(cast)["counted"] == 10_000_00
    with acting(cast.people["dev"]) as how:
        disputes.end_dispute(
            dispute=dispute, outcome="withdrawn", council=cast.councils["STM"], reason="We were wrong", **how
        )
    roll_up()
    assert "disputed" not in fact(cast)


def test_a_returned_entry_is_counted_and_unsigned(cast):
    entry = an_entry(cast, amount_pence=10_000_00, files=[a_file()])
    with acting(cast.people["ben"]) as how:
        decision.return_to_recorder(entry=entry, reason="Which budget?", **how)
    roll_up()
    assert (fact(cast)["grade_1"], fact(cast)["unsigned"]) == (10_000_00, 1)


def test_what_payer_and_receiver_report_differently_is_its_own_figure(cast):
    southmere_pays(cast, 50_000_00)
    southmere_pays(cast, 48_000_00, by="asha", council="NFD")
    roll_up()
    assert fact(cast) == {"charges_received": 50_000_00, "charges_unreconciled": -2_000_00}
    assert fact(cast, "STM") == {"charges_paid": 50_000_00}


def test_members_sum_to_the_partnership_to_the_penny(cast):
    southmere_pays(cast, 33_333_33)
    a_proven_entry(cast, amount_pence=70_000_01)
    an_entry(cast, kind=Kind.ONE_OFF_COST, amount_pence=12_345_67)
    southmere_claims(cast, amount_pence=9_999_99)
    roll_up()
    with acting(cast.people["erin"]):
        partnership = figures.partnership_figures(cast.partnership, ON)
    assert sum(member.figures.net_counted for member in partnership.members) == partnership.total.net_counted
    assert partnership.total.net_counted == 70_000_01 + 9_999_99 - 12_345_67
    assert partnership.total.charges == 0
    assert [member.name for member in partnership.losing] == ["Southmere Council"]


def test_the_promise_is_the_latest_version_each_council_approved(cast):
    """Southmere has not approved the second version: its first still holds. A year only the first names is let go."""
    for version, (pence, year) in enumerate([(20_000_00, 2025), (30_000_00, 2026)], start=1):
        with acting(cast.people["asha"]) as how:
            case = arrangement.draft(
                **how, partnership=cast.partnership, title="Share revenues", horizon_year=2030,
                restated_for="scope" if version > 1 else "",
                lines=[
                    {"council": cast.councils[code], "scheme_reference": "REV-01", "kind": "saving", "year": year,
                     "benefit_class": "cash_releasing", "recurrence": "recurring", "amount_pence": pence}
                    for code in ("NFD", "STM")
                ],
                charges=[{"payer": cast.councils["STM"], "receiver": cast.councils["NFD"], "year": year,
                          "amount_pence": 7_00}],
            )  # fmt: skip
        for lead, code in (("ben", "NFD"), ("dev", "STM"))[: 3 - version]:
            with acting(cast.people[lead]) as how:
                promise.approve(case=case, council=cast.councils[code], **how)
        roll_up()
    assert fact(cast) == {"promised_charges": 7_00}
    assert fact(cast, year=2026) == {"promised": 30_000_00}
    assert fact(cast, "STM") == {"promised": 20_000_00, "promised_charges": -7_00}


def test_returns_are_facts_and_silence_is_named(cast):
    first, second = Y2025.quarters[:2]
    an_entry(cast, year=2024)
    nil_return(cast, by="omar", council="STM", quarter=first)
    nil_return(cast, by="dev", council="STM", quarter=first, step="signed_off")
    nil_return(cast, by="omar", council="STM", quarter=second)
    roll_up()
    assert fact(cast, "STM") == {"returned": 2, "returns_signed_off": 1, "nil_cost_returns": 1}
    with acting(cast.people["erin"]):
        before = figures.freshness(on=ON, partnership=cast.partnership)
        after = figures.freshness(on=ON.replace(month=7), partnership=cast.partnership)
    assert [(each.council, each.year) for each in before.silent] == [("Southmere Council", 2024)]
    assert [(each.council, each.year) for each in after.silent] == [("Northford Council", 2025)]


@pytest.mark.parametrize(
    ("who", "expected"),
    [("members", {"members"}), ("sector", {"members", "sector"}), ("public", {"members", "sector", "public"})],
)
def test_facts_stand_for_the_audience_they_are_shown_to(cast, who, expected):
    an_entry(cast)
    show_to(cast, who)
    roll_up()
    assert audiences() == expected
    show_to(cast, "members")
    roll_up()
    assert audiences() == {"members"}


def test_the_check_sees_a_fact_that_was_changed_by_hand(cast):
    """The control of every other test here."""
    from savings.models import Rollup
    from savings.reporting import rollups

    an_entry(cast)
    roll_up()
    with as_role("worker"):
        Rollup.objects.update(counted_pence=1)
        (difference,) = rollups.check()
    assert (difference.council, difference.figure, difference.fact, difference.ledger, difference.waiting) == (
        "NFD", "counted_pence", 1, 1_000_00, False,
    )  # fmt: skip


def test_facts_say_when_and_up_to_which_event(cast):
    from councils.models import Event
    from savings.models import Rollup

    an_entry(cast)
    roll_up()
    with as_role("worker"):
        row = Rollup.objects.get()
        assert row.last_event == Event.objects.latest("pk").pk
    assert row.computed_at > NOW
