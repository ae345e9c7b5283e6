"""Known answer 11: Compass Point: 1.139 + 0.305 + 0.286 + 0.282 + 0.094 = 2.106; South Holland at 37% has 0.779.

In £m, from drafting five schemes on the screen for all members together, shared out 63 to 37 as they agreed, through
approval by each council, to what the roll-ups say is promised.
"""

import datetime

import pytest

from partnerships.models import Service, Vehicle
from savings.actions import schemes
from savings.models import Entry
from savings.models.typed import BenefitClass, Recurrence
from tests.cast import NOW
from tests.factories import acting, found_together
from tests.savings.reporting.ledger import roll_up
from tests.savings.views.test_entries import seen_by

HOME = "/partnerships/compass-point/"
SCHEMES = {"CP-1": "1139000", "CP-2": "305000", "CP-3": "286000", "CP-4": "282000", "CP-5": "94000"}


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def compass_point(cast):
    """Northford stands for East Lindsey, Southmere for South Holland."""
    with acting(cast.people["ben"]) as how:
        found = found_together(
            cast, **how, slug="compass-point", name="Compass Point", started_on=datetime.date(2010, 4, 1),
            form=Vehicle.Form.JOINT_COMMITTEE, services=list(Service.objects.all()[:1]),
            members=[
                {"council": cast.councils["NFD"], "role": "both", "gain_share_bps": 6_300},
                {"council": cast.councils["STM"], "role": "both", "gain_share_bps": 3_700},
            ],
        )  # fmt: skip
        for reference in SCHEMES:
            schemes.propose(
                **how, partnership=found, service=Service.objects.first(), reference=reference, title=reference,
                owner="Director", benefit_class=BenefitClass.CASH_RELEASING, recurrence=Recurrence.RECURRING,
            )  # fmt: skip
    return cast


def test_the_first_year_and_south_hollands_share(compass_point, sign_in):
    lines = "\n".join(f"all members, {scheme}, 2011/12, saving, {pounds}" for scheme, pounds in SCHEMES.items())
    answer = sign_in("asha").post(
        f"{HOME}business-cases/new/",
        {"title": "Compass Point", "explanation": "", "horizon_year": "2020", "price_base": "", "lines": lines},
    )
    assert answer.status_code == 302
    page = sign_in("asha").get(f"{HOME}business-cases/1/").text
    assert "it promises £2.11m net" in page
    for whole, theirs in (("£2,106,000.00", "£779,220.00"), ("£2,106,000.00", "£1,326,780.00")):
        assert whole in page
        assert theirs in page
    for lead, council in (("ben", "northford"), ("dev", "southmere")):
        sign_in(lead).post(f"{HOME}business-cases/1/approve/", {"council": council})
    with seen_by(compass_point, "dev"):
        posted = Entry.objects.filter(series="projected")
        assert posted.total() == 2_106_000_00
        assert posted.filter(council=compass_point.councils["STM"]).total() == 779_220_00
    roll_up()
    page = sign_in("erin").get(HOME).text
    assert "£779,220.00" in page
    assert "£2,106,000.00" in page
