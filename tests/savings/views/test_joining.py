"""An invented council goes from nothing to its first signed quarter, through the pages, and its checklist goes along.

By hand: Newbridge promises £4,000.00 for 2026/27 and banks £1,200.00 in April 2026 with its proof, signed off. So it
has claimed, counted and proven £1,200.00; Northford, which joins it, nothing of it.
"""

import datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from councils.acts import act
from councils.models import Council, User
from partnerships.models import MembershipOffer
from savings.models import Entry, Scheme
from savings.reporting import rollups
from tests.cast import NOW
from tests.database import as_role
from tests.savings.joining import letter_sent
from tests.savings.views.test_entries import NEW, filled
from tests.savings.views.test_offers import FOUNDING, TERMS
from tests.savings.views.test_schemes import filled as a_scheme

STEPS = "/councils/newbridge/joining/"
AFTER = datetime.datetime(2026, 7, 2, 10, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    cache.clear()
    time_machine.move_to(NOW, tick=False)
    yield
    cache.clear()


@pytest.fixture
def newbridge(cast):
    with as_role("worker"), act(by=cast.people["ada"], at=NOW, verb="added", subject="it", register=True) as this:
        return Council.objects.create(
            act=this, code="NBR", name="Newbridge Council", short_name="Newbridge", slug="newbridge", kind="unitary",
            nation="England", region="South West", started_on=datetime.date(2009, 4, 1), invented=True,
        )  # fmt: skip


def invited(client, name, what):
    """Whoever `client` is invites somebody new; their client, signed in by the link of the letter."""
    email = f"{name.split()[0].lower()}@example.net"
    sent = {"name": name, "email": email, "what": what}
    assert client.post("/councils/newbridge/people/invite/", sent).status_code == 302
    fresh, link = Client(), f"/join/{letter_sent(timezone.now())}/"
    said = fresh.post(link, {"name": name, "password": "thirteen brown otters"}, follow=True)
    assert "You now act for Newbridge Council" in said.text
    return fresh


def again(email):
    client = Client()
    with as_role("worker"):
        client.force_login(User.objects.get(email=email))
    return client


def states(client):
    return [step.state for step in client.get(STEPS).context["steps"]]


def done(client, number):
    """So many steps are done, the one after them is next, and the rest is for later."""
    return states(client) == (["done"] * number + ["next"] + ["later"] * 11)[:12]


def figures(client, address):
    with as_role("worker"):
        rollups.drain()
    total = client.get(address).context["figures"].total
    return total.promised, total.claimed, total.counted, total.proven


def test_from_nothing_to_the_first_signed_quarter(cast, newbridge, sign_in, time_machine):
    ada = sign_in("ada")
    lena = invited(ada, "Lena Holt", "finance_lead")
    start = lena.get("/").text
    assert "Take Newbridge to its first signed quarter" in start
    assert STEPS in start
    assert done(lena, 1)
    otto = invited(lena, "Otto Reed", "finance_officer")
    assert done(lena, 2)

    founded = lena.post("/partnerships/new/", {**FOUNDING, "council": "newbridge"})
    assert founded.url == "/partnerships/shared-legal/invite/"
    day = {f"starts_on_{n}": part for n, part in enumerate(("1", "4", "2026"))}
    assert lena.post(founded.url, {"council": "northford", **TERMS, **day, "message": "Come"}).status_code == 302
    with as_role("worker"):
        offer = MembershipOffer.objects.get(council=cast.councils["NFD"], partnership__slug="shared-legal")
    assert sign_in("ben").post(offer.get_absolute_url(), {"do": "accept"}).status_code == 302
    assert done(lena, 3)

    scheme = a_scheme(partnership="shared-legal", service="ict", reference="LAW-01", title="One set of lawyers")
    assert otto.post("/schemes/new/", scheme).status_code == 302
    assert done(otto, 4)
    with as_role("worker"):
        law = Scheme.objects.get(reference="LAW-01")
    lena.post(f"{law.get_absolute_url()}no-indicator/", {"reason": "Its work is advice to the council itself."})
    assert done(otto, 5)
    case = {
        "title": "One legal team", "explanation": "", "horizon_year": "2030", "price_base": "",
        "lines": "Newbridge, LAW-01, 2026/27, Saving, 4000, Cash-releasing, Recurring", "charges": "",
        "baselines": "Newbridge, 2025/26, 90000, Budget book",
    }  # fmt: skip
    drafted = otto.post("/partnerships/shared-legal/business-cases/new/", case)
    assert drafted.status_code == 302, drafted.context["form"].errors
    assert done(otto, 6)
    approved = lena.post(f"{drafted.url}approve/", {"council": "newbridge"}, follow=True)
    assert approved.status_code == 200
    assert done(otto, 7)

    proof = filled(cast, council="NBR", scheme=str(law.public_id), year="2026")
    recorded = otto.post(NEW, proof, follow=True)
    assert "Recorded: £1,200.00 for April 2026 on LAW-01." in recorded.text
    assert done(otto, 9)  # recorded with its proof
    with as_role("worker"):
        entry = Entry.objects.get(council=newbridge, series="banked")
        (support,) = entry.supports.all()
    lena.post(f"{entry.get_absolute_url()}sign-off/", {"shown": str(support.public_id)})
    assert done(lena, 10)

    time_machine.move_to(AFTER, tick=False)
    lena, otto = again("lena@example.net"), again("otto@example.net")
    quarter = "/returns/shared-legal/NBR/2026-27-q1/"
    otto.post(quarter, {"do": "submitted", "nil_costs": "on"})
    assert done(otto, 11)
    lena.post(quarter, {"do": "signed_off"})
    assert states(lena) == ["done"] * 12
    assert "All 12 steps are done." in lena.get(STEPS).text
    assert "first signed quarter" not in lena.get("/").text

    assert figures(lena, "/councils/newbridge/") == (4_000_00, 1_200_00, 1_200_00, 1_200_00)
    assert figures(lena, "/partnerships/shared-legal/") == (4_000_00, 1_200_00, 1_200_00, 1_200_00)
    assert figures(sign_in("ben"), "/partnerships/shared-legal/") == (4_000_00, 1_200_00, 1_200_00, 1_200_00)
    assert figures(sign_in("ben"), "/councils/northford/") == (0, 0, 0, 0)
    assert "Overdue" not in lena.get("/returns/").text


def test_who_finds_it(newbridge, sign_in):
    assert sign_in("ben").get(STEPS).status_code == 404
    assert sign_in("ada").get(STEPS).status_code == 404
    assert sign_in(None).get(STEPS).status_code == 302


def test_an_offer_that_waits_is_the_way_in(cast, newbridge, sign_in):
    ada = sign_in("ada")
    lena = invited(ada, "Lena Holt", "finance_lead")
    with as_role("worker"):
        before = MembershipOffer.objects.count()
    day = {f"starts_on_{n}": part for n, part in enumerate(("1", "4", "2027"))}
    sign_in("ben").post("/partnerships/north-south/invite/", {"council": "newbridge", **TERMS, **day, "message": ""})
    with as_role("worker"):
        assert MembershipOffer.objects.count() == before + 1
    step = lena.get(STEPS).context["steps"][2]
    assert step.why == "An offer waits for your answer."
    assert step.url.startswith("/offers/")


def test_it_costs_few_queries(cast, sign_in, django_assert_max_num_queries):
    ben = sign_in("ben")
    with django_assert_max_num_queries(25):
        ben.get("/councils/northford/joining/")
