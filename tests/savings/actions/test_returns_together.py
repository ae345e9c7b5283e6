"""Several returns take one step in one act: all or none, and two people whoever asks."""

import pytest
from django.db import IntegrityError, transaction

from councils.acts import act
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions import returns
from savings.models import Return
from tests.cast import NOW
from tests.factories import acting, an_entry
from tests.savings.actions.test_returns import take
from tests.savings.reporting.ledger import southmere_pays

YEAR = FinancialYear(2025).quarters


def together(cast, step, *, by, quarters=YEAR):
    with acting(cast.people[by]) as how:
        which = [(cast.partnership, quarter) for quarter in quarters]
        return returns.step_together(council=cast.councils["NFD"], which=which, step=step, **how)


def said(cast, by="gwen"):
    with acting(cast.people[by]):
        return list(Return.objects.order_by("quarter", "sequence").values_list("step", flat=True))


def test_a_year_is_submitted_signed_off_and_closed_in_three_acts(cast):
    together(cast, "submitted", by="asha")
    together(cast, "signed_off", by="ben")
    rows = together(cast, "closed", by="ben")
    assert said(cast) == ["submitted", "signed_off", "closed"] * 4
    assert len({row.act_id for row in rows}) == 1
    assert [row.sequence for row in rows] == [3] * 4


def test_one_that_cannot_takes_the_others_with_it_and_is_named(cast):
    together(cast, "submitted", by="asha", quarters=YEAR[:3])
    with pytest.raises(Refused, match="January to March 2026, .*in that order.*Nothing was done"):
        together(cast, "signed_off", by="ben")
    assert said(cast) == ["submitted"] * 3


def test_who_submitted_one_of_them_signs_none_off(cast):
    together(cast, "submitted", by="asha", quarters=YEAR[:3])
    take(cast, "submitted", by="ben")
    with pytest.raises(Refused, match="You cannot sign off a return that you submitted"):
        together(cast, "signed_off", by="ben")
    assert "signed_off" not in said(cast)


def test_the_database_refuses_it_past_the_action(cast):
    """One row of several signed off by who submitted it: the statement falls, not the row."""
    together(cast, "submitted", by="asha", quarters=YEAR[:3])
    take(cast, "submitted", by="ben")
    with (
        acting(cast.people["ben"]) as how,
        pytest.raises(IntegrityError, match="two_people"),
        transaction.atomic(),
        act(by=how["by"], at=how["at"], verb="forged", subject="returns") as this,
    ):
        Return.objects.bulk_create([
            Return(
                act=this, partnership=cast.partnership, council=cast.councils["NFD"], quarter=last.quarter,
                sequence=2, step="signed_off", stepped_by=how["by"], previous_by_id=last.stepped_by_id, stepped_at=NOW,
            )
            for last in Return.objects.all()
        ])  # fmt: skip
    assert "signed_off" not in said(cast)


def test_a_difference_is_explained_alone(cast):
    southmere_pays(cast, 500_00)
    together(cast, "submitted", by="asha")
    together(cast, "signed_off", by="ben")
    with pytest.raises(Refused, match="January to March 2026, .*Payer and receiver"):
        together(cast, "closed", by="ben")
    assert len(together(cast, "closed", by="ben", quarters=YEAR[:3])) == 3


def test_reopening_nothing_and_too_many_are_refused(cast):
    an_entry(cast)
    with pytest.raises(Refused, match="by itself"):
        together(cast, "reopened", by="ben")
    with pytest.raises(Refused, match="at least one"):
        together(cast, "closed", by="ben", quarters=[])
    with pytest.raises(Refused, match="at most 60"):
        together(cast, "closed", by="ben", quarters=YEAR * 16)
