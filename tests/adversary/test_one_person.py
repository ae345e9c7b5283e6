"""One person in two guises, abuse case 7: a second account, a later role, a forged tick, and a role that ended (30)."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from councils.acts import act
from councils.models import Person, Role, User
from savings.models import Decision
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, acting, an_entry

OWN = "You cannot sign off a saving you recorded yourself."


@pytest.fixture
def hers(cast):
    """Asha's entry, documented and ready to be signed off."""
    return an_entry(cast, files=[a_file()], ledger_code="R1", reduction_pence=5_000_00)


def give(person, council, what, **dates):
    with as_role("worker"):
        with act(by=Person.objects.get(system=True), at=NOW, verb="appointed", register=True) as this:
            dates = {"starts_on": datetime.date(2020, 4, 1), **dates}
            return Role.objects.create(act=this, person=person, council=council, what=what, **dates)


def shown(entry, person):
    with acting(person):
        return str(entry.supports.get().public_id)


def decided(entry, person):
    with acting(person):
        return Decision.objects.filter(entry=entry).exists()


def test_a_second_account_and_a_later_role_are_still_the_person_who_recorded(cast, hers):
    asha = cast.people["asha"]
    give(asha, cast.councils["NFD"], Role.What.FINANCE_LEAD)
    second = User.objects.create_user(email="asha.again@example.org", password="x", person=asha)
    seen = shown(hers, asha)
    for account in (cast.users["asha"], second):
        client = Client()
        client.force_login(account)
        answer = client.post(f"/entries/{hers.public_id}/sign-off/", {"shown": seen}, follow=True)
        assert OWN in answer.text
        ticks = {"entries": str(hers.public_id), f"shown-{hers.public_id}": seen, "do": "sign"}
        assert OWN in client.post("/sign-off/", ticks, follow=True).text
    assert not decided(hers, asha)


@pytest.mark.parametrize("other", ["dev", "cleo"])
def test_a_tick_forged_by_another_councils_lead_does_nothing(cast, hers, sign_in, other):
    ticks = {"entries": str(hers.public_id), f"shown-{hers.public_id}": shown(hers, cast.people["asha"])}
    for do in ("sign", "return"):
        sign_in(other).post("/sign-off/", {**ticks, "do": do, "reason": "mine now"})
    assert not decided(hers, cast.people["asha"])


@pytest.mark.parametrize(("recorder", "decider"), [("asha", "asha"), ("ben", "asha"), ("asha", "ben")])
def test_the_database_does_not_believe_who_recorded_or_decided(cast, hers, recorder, decider):
    asha, people = cast.people["asha"], cast.people
    give(asha, cast.councils["NFD"], Role.What.FINANCE_LEAD)
    with acting(asha) as how, pytest.raises(IntegrityError), transaction.atomic():
        with act(**how, verb="forged", subject="x") as this:
            Decision.objects.create(
                act=this, entry=hers, partnership=cast.partnership, council=cast.councils["NFD"], outcome="returned",
                reason="x", recorded_by=people[recorder], decided_by=people[decider], decided_at=NOW,
            )  # fmt: skip


def test_a_role_that_ended_ends_with_the_next_request(cast, hers, sign_in):
    client, address = sign_in("asha"), f"/entries/{hers.public_id}/"
    assert client.get(address).status_code == 200
    with as_role("worker"):
        held = Role.objects.get(person=cast.people["asha"])
    dates = {"starts_on": held.starts_on, "ends_on": timezone.localdate()}
    give(cast.people["asha"], cast.councils["NFD"], held.what, replaces=held, **dates)
    assert [client.get(address).status_code, client.get("/entries/new/").status_code] == [404, 403]
    assert client.post(f"{address}reverse/", {"reason": "still here"}).status_code == 404
