"""Stepping a return on: who may, in which order, and what has to be true first; each rule held twice."""

import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from councils.acts import act
from councils.models import Person, Role
from councils.refusals import Refused
from councils.years import FinancialYear, Quarter
from savings.actions import entries, returns
from savings.models import Return
from savings.models.typed import Kind
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, an_entry
from tests.savings.reporting.ledger import southmere_pays

Q2, Q4 = FinancialYear(2025).quarters[1], FinancialYear(2025).quarters[3]


def take(cast, step, *, by, quarter=Q4, council="NFD", at=NOW, **fields):
    with acting(cast.people[by], at) as how:
        return returns.step(
            **how, partnership=cast.partnership, council=cast.councils[council], quarter=quarter, step=step, **fields
        )


def signed_off(cast, **fields):
    take(cast, "submitted", by="asha", **fields)
    take(cast, "signed_off", by="ben", **fields)


def closed(cast, *, quarter=Q4, reason=""):
    signed_off(cast, quarter=quarter)
    return take(cast, "closed", by="ben", quarter=quarter, reason=reason)


def second_lead(cast, council="NFD"):
    """Another finance lead of Northford, known to the cast as hana."""
    with as_role("worker"):
        system = Person.objects.get(system=True)
        with act(by=system, at=NOW, verb="appointed", subject="a second lead") as this:
            cast.people["hana"] = Person.objects.create(name="Hana Lee")
            Role.objects.create(
                act=this, person=cast.people["hana"], council=cast.councils[council], what=Role.What.FINANCE_LEAD,
                starts_on=datetime.date(2020, 4, 1),
            )  # fmt: skip


def forged(cast, *, by, **fields):
    """A row written past the action; the database answers."""
    with acting(cast.people[by]) as how, transaction.atomic():
        last = Return.objects.latest("sequence")
        with act(by=how["by"], at=how["at"], verb="forged", subject="a return") as this:
            Return.objects.create(
                act=this, partnership=cast.partnership, council=cast.councils["NFD"], quarter=last.quarter,
                sequence=last.sequence + 1, stepped_by=how["by"], previous_by_id=last.stepped_by_id,
                stepped_at=NOW, **fields,
            )  # fmt: skip


def test_it_goes_in_order_and_carries_what_was_stated(cast):
    take(cast, "submitted", by="asha", nil_savings=True, nil_costs=True)
    with pytest.raises(Refused, match="in that order"):
        take(cast, "closed", by="ben")
    take(cast, "signed_off", by="ben")
    last = take(cast, "closed", by="ben")
    assert (last.sequence, last.nil_savings, last.nil_costs) == (3, True, True)


def test_a_quarter_that_has_not_ended_is_not_submitted(cast):
    with pytest.raises(Refused, match="April to June 2026 has not ended yet"):
        take(cast, "submitted", by="asha", quarter=Quarter.containing(NOW.date()))


def test_nil_is_not_stated_beside_what_is_recorded(cast):
    entry = an_entry(cast, month=4)
    an_entry(cast, month=5, kind=Kind.RUNNING_COST)
    with pytest.raises(Refused, match="Savings are recorded") as refusal:
        take(cast, "submitted", by="asha", quarter=Q2, nil_savings=True)
    assert refusal.value.field == "nil_savings"
    with pytest.raises(Refused, match="Costs are recorded"):
        take(cast, "submitted", by="asha", quarter=Q2, nil_costs=True)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=entry, reason="Wrong", **how)
    assert take(cast, "submitted", by="asha", quarter=Q2, nil_savings=True).nil_savings


def test_a_whole_year_belongs_to_its_fourth_quarter(cast):
    an_entry(cast)
    assert take(cast, "submitted", by="asha", quarter=Q2, nil_savings=True).nil_savings
    with pytest.raises(Refused, match="Savings are recorded"):
        take(cast, "submitted", by="asha", quarter=Q4, nil_savings=True)


def test_nobody_signs_off_what_they_submitted(cast):
    take(cast, "submitted", by="ben")
    with pytest.raises(Refused, match="You cannot sign off"):
        take(cast, "signed_off", by="ben")


def test_a_charge_that_differs_is_explained_before_closing(cast):
    southmere_pays(cast, 500_00)
    southmere_pays(cast, 480_00, by="asha", council="NFD")
    signed_off(cast)
    with pytest.raises(Refused) as refusal:
        take(cast, "closed", by="ben")
    assert refusal.value.field == "reason"
    assert "Southmere says it paid Northford £500.00, Northford says it received £480.00." in str(refusal.value)
    with pytest.raises(IntegrityError, match="payer and receiver differ on a charge"):
        forged(cast, by="ben", step="closed", reason="  ")
    assert take(cast, "closed", by="ben", reason="£20 was billed in April").step == "closed"


def test_charges_that_agree_or_belong_to_others_close_without_a_word(cast):
    southmere_pays(cast, 500_00)
    southmere_pays(cast, 500_00, by="asha", council="NFD")
    southmere_pays(cast, 90_00, year=2024)
    assert closed(cast).step == "closed"


def test_only_the_months_of_an_earlier_quarter_are_compared(cast):
    southmere_pays(cast, 500_00)
    signed_off(cast, quarter=Q2)
    assert take(cast, "closed", by="ben", quarter=Q2).step == "closed"


def test_who_closed_it_does_not_reopen_it(cast):
    second_lead(cast)
    closed(cast)
    with pytest.raises(Refused, match="Say why"):
        take(cast, "reopened", by="hana", reason=" ")
    with pytest.raises(Refused, match="somebody else has to reopen it"):
        take(cast, "reopened", by="ben", reason="A late invoice")
    with pytest.raises(IntegrityError, match="reopened by somebody other than who closed it"):
        forged(cast, by="ben", step="reopened", reason="A late invoice")
    assert take(cast, "reopened", by="hana", reason="A late invoice").step == "reopened"
    assert take(cast, "submitted", by="asha").sequence == 5


def test_what_is_not_closed_is_reopened_by_whoever_signed_it(cast):
    signed_off(cast)
    assert take(cast, "reopened", by="ben", reason="A line is missing").step == "reopened"


def nil_by_hand(cast, quarter, *, by="asha", **said):
    """A step of a return by SQL as the worker, past every action."""
    with transaction.atomic(), as_role("worker"):
        with act(by=cast.people[by], at=NOW, verb="return submitted") as this, connection.cursor() as cursor:
            row = {
                "public_id": uuid4(), "salt": uuid4(), "act_id": this.pk, "partnership_id": cast.partnership.pk,
                "council_id": cast.councils["NFD"].pk, "quarter": quarter.first_day, "sequence": 1,
                "step": "submitted", "nil_savings": False, "nil_costs": False, "reason": "",
                "stepped_by_id": cast.people[by].pk, "stepped_at": NOW, **said,
            }  # fmt: skip
            cursor.execute(
                f"INSERT INTO savings_return ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",
                list(row.values()),
            )


@pytest.mark.parametrize("nil", ["nil_savings", "nil_costs"])
def test_the_database_refuses_nil_beside_what_is_recorded(cast, nil):
    cost = {"kind": Kind.RUNNING_COST, "benefit_class": None, "funded_by": "reserves"}
    an_entry(cast, month=5, **(cost if nil == "nil_costs" else {}))
    with pytest.raises(IntegrityError, match="the return states nil"):
        nil_by_hand(cast, Q2, **{nil: True})
    nil_by_hand(cast, Q2)  # the same row without the statement is taken


def test_the_database_takes_nil_where_nothing_is_or_what_was_is_reversed(cast):
    entry = an_entry(cast, month=5)
    nil_by_hand(cast, Q4, nil_savings=True, nil_costs=True)
    with acting(cast.people["asha"]) as how:
        entries.reverse(entry=entry, reason="Twice", **how)
    nil_by_hand(cast, Q2, nil_savings=True)


def test_the_database_holds_a_quarter_that_was_returned_nil_until_it_is_reopened(cast):
    """An amount recorded into it is taken, and the return can go no further while it states nil."""
    take(cast, "submitted", by="asha", quarter=Q2, nil_savings=True)
    an_entry(cast, month=5)
    with pytest.raises(IntegrityError, match="the return states nil"):
        nil_by_hand(
            cast, Q2, by="ben", nil_savings=True, step="signed_off", sequence=2, previous_by_id=cast.people["asha"].pk
        )
