"""Charges: a final amount replaces a provisional one in one act, and none between members moves the partnership."""

import random

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from councils.acts import act
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions import charges
from savings.models import Charge
from savings.models.typed import Kind
from savings.reporting import figures
from tests.cast import NOW
from tests.factories import acting, an_entry
from tests.savings.reporting.ledger import roll_up, southmere_pays
from tests.savings.views.test_entries import seen_by


def provisional(cast, amount_pence=500_00, **fields):
    with acting(cast.people["omar"]) as how:
        return charges.report_charge(
            **how, council=cast.councils["STM"], partnership=cast.partnership, payer=cast.councils["STM"],
            receiver=cast.councils["NFD"], year=FinancialYear(2025), amount_pence=amount_pence, final=False, **fields,
        )  # fmt: skip


def finalise(cast, charge, amount_pence=480_00, by="omar"):
    with acting(cast.people[by]) as how:
        return charges.finalise_charge(charge=charge, amount_pence=amount_pence, **how)


def test_the_final_amount_replaces_the_provisional_one_in_one_act(cast):
    first = provisional(cast, month=3)
    final = finalise(cast, first)
    with seen_by(cast, "omar"):
        rows = list(Charge.objects.order_by("pk").values_list("amount_pence", "final", "reverses", "month"))
        acts = set(Charge.objects.exclude(pk=first.pk).values_list("act", flat=True))
    assert rows == [(500_00, False, None, 3), (-500_00, False, first.pk, 3), (480_00, True, None, 3)]
    assert acts == {final.act_id}


def test_what_is_final_reversed_or_nothing_is_refused(cast):
    first = provisional(cast)
    with pytest.raises(Refused, match="more than £0") as refusal:
        finalise(cast, first, 0)
    assert refusal.value.field == "amount"
    final = finalise(cast, first)
    with pytest.raises(Refused, match="final already"):
        finalise(cast, final)
    with pytest.raises(Refused, match="already reversed"):
        finalise(cast, first)


def test_nobody_finalises_for_another_council(cast):
    first = provisional(cast)
    with pytest.raises(Exception, match="row-level security"), transaction.atomic():
        finalise(cast, first, by="asha")


def test_the_database_reverses_a_provisional_charge_once(cast):
    first = provisional(cast)
    finalise(cast, first)
    with acting(cast.people["omar"]) as how, pytest.raises(IntegrityError), transaction.atomic():
        with act(by=how["by"], at=how["at"], verb="forged", subject="a charge") as this:
            Charge.objects.create(
                act=this, partnership_id=first.partnership_id, council_id=first.council_id, payer_id=first.payer_id,
                receiver_id=first.receiver_id, series="banked", final=False, year=2025, month=None,
                amount_pence=-500_00, posted_quarter=first.posted_quarter, reverses=first, recorded_by=how["by"],
                recorded_at=NOW,
            )  # fmt: skip


def test_it_is_made_final_on_its_page_once(cast, sign_in, time_machine):
    time_machine.move_to(NOW, tick=False)
    first = provisional(cast)
    omar = sign_in("omar")
    address = reverse("savings:charge-finalise", args=[first.public_id])
    assert "Make final" in omar.get("/charges/").text
    page = omar.get(address)
    assert 'value="500.00"' in page.text
    form = {"token": page.context["form"]["token"].value(), "amount": "480", "note": "Year-end true-up"}
    assert "Final: £480.00 from Southmere to Northford" in omar.post(address, form, follow=True).text
    assert "once; nothing new was reported" in omar.post(address, form, follow=True).text
    with seen_by(cast, "omar"):
        assert sum(Charge.objects.values_list("amount_pence", flat=True)) == 480_00
    assert sign_in("asha").get(address).status_code == 403
    assert sign_in("cleo").get(address).status_code == 404


@pytest.mark.parametrize("seed", range(6))
def test_a_charge_between_members_changes_no_figure_of_the_partnership(cast, seed):
    """Whatever is reported, reversed or made final; the members always add up to the penny."""
    chance = random.Random(seed)
    an_entry(cast, amount_pence=chance.randrange(1, 10**8))
    an_entry(cast, by="omar", council="STM", kind=Kind.RUNNING_COST, amount_pence=chance.randrange(1, 10**7))
    roll_up()
    with seen_by(cast, "asha"):
        before = figures.partnership_figures(cast.partnership, NOW.date()).total
    for _ in range(8):
        one = provisional(cast, chance.randrange(1, 10**7), month=chance.choice([None, 1, 7]))
        deed = chance.choice(["leave", "finalise", "reverse"])
        if deed == "finalise":
            finalise(cast, one, chance.randrange(1, 10**7))
        elif deed == "reverse":
            with acting(cast.people["omar"]) as how:
                charges.reverse_charge(charge=one, reason="Wrong", **how)
        if chance.random() < 0.5:
            southmere_pays(cast, chance.randrange(1, 10**7), by="asha", council="NFD")
    roll_up()
    with seen_by(cast, "asha"):
        after = figures.partnership_figures(cast.partnership, NOW.date())
    for name in ("net_claimed", "net_counted", "net_proven", "claimed", "counted", "one_off_cost", "running_cost"):
        assert getattr(after.total, name) == getattr(before, name)
        assert getattr(after.total, name) == sum(getattr(member.figures, name) for member in after.members)
    assert any(member.figures.net_counted != member.figures.counted - member.figures.running_cost
               for member in after.members)  # fmt: skip
