"""What was said in public is set side by side by rule; the distance is worked out, never written down."""

import pytest

from councils.loading import read_table
from partnerships.models import PublicClaim
from partnerships.public_record import BASES, CHECKED, NET_OR_GROSS, _said, contradiction

CARRIED = read_table("public_claims")


def said(partnership):
    """The carried claims of one partnership, as its page reads them."""
    return [
        _said(
            PublicClaim(
                kind=row["kind"], claimant=row["claimant"], basis=row["metric_basis"], period=row["period"],
                amount_pence=int(row["amount_pence"]) if row["amount_pence"] else None,
                net_or_gross=row["net_or_gross"], statement=row["statement"], checked=row["verified"],
            )
        )
        for row in CARRIED
        if row["partnership"] == partnership
    ]  # fmt: skip


def test_tri_borough_partners_are_42_8_million_apart():
    found = contradiction(said("tri-borough"))
    assert (found.claimed.amount, found.countered.amount) == ("£43m", "£200,000")
    assert found.claimed.claim.claimant.startswith("Westminster")
    assert found.countered.claim.claimant.startswith("Hammersmith & Fulham")
    assert found.apart == 42_800_000_00
    assert not found.same_terms


def test_the_inspector_stands_against_the_11_million_of_lgss():
    found = contradiction(said("lgss"))
    assert found.claimed.amount == "£11m"
    assert "very hard to see what additional saving has been produced" in found.countered.statement
    assert found.apart is None


@pytest.mark.parametrize("partnership", ["publica", "hoople", "no-such"])
def test_without_a_counter_claim_nothing_is_set_against_anything(partnership):
    assert contradiction(said(partnership)) is None


def test_every_carried_word_can_be_printed():
    """A new basis, or a new way of checking, needs its words."""
    assert {row["metric_basis"] for row in CARRIED} - {""} <= set(BASES)
    assert {row["net_or_gross"] for row in CARRIED} - {"n/a"} <= set(NET_OR_GROSS)
    assert {row["verified"] for row in CARRIED} <= set(CHECKED)


def test_quotation_marks_are_printers():
    (first, *_) = said("lgss")
    assert first.statement == "“banked 11m of savings for the two authorities”"


def test_a_larger_figure_from_somebody_else_is_not_called_adverse():
    (larger,) = [each for each in said("tri-borough") if each.amount == "£13m"]
    assert (larger.heading, larger.against) == ("Said by others", False)
    assert all(each.against for each in said("onesource") if each.claim.kind == "adverse")
