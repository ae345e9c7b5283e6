"""The page that says how the ledger is checked, and the files people keep."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from councils import checkpoints
from councils.models import CheckpointWish, Person, Verification
from tests.cast import NOW
from tests.database import as_role

PAGE = "/assurance/"


@pytest.fixture(autouse=True)
def key(settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "signing_key"


def a_checkpoint():
    with as_role("worker"):
        return checkpoints.make(by=Person.objects.get(system=True), at=NOW, why="daily")


def words(answer):
    return " ".join(answer.content.decode().split())


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")


def test_before_there_is_anything_it_says_what_will_be(sign_in):
    page = words(sign_in("gwen").get(PAGE))
    assert "has not been verified yet" in page
    assert "There is no checkpoint yet" in page


def test_it_gives_the_checkpoint_to_the_byte(sign_in):
    made = a_checkpoint()
    gwen = sign_in("gwen")
    page = words(gwen.get(PAGE))
    for fact in (made.root, made.key, made.public_key):
        assert fact in page
    answer = gwen.get(f"/assurance/checkpoints/{made.public_id}.json")
    assert answer.content.decode() == checkpoints.as_text(made)
    assert answer["Content-Disposition"] == 'attachment; filename="checkpoint-20260615T090000Z.json"'
    assert gwen.get("/assurance/checkpoints/00000000-0000-4000-8000-000000000000.json").status_code == 404


def test_what_did_not_verify_is_named(sign_in):
    with as_role("worker"):
        Verification.objects.create(
            started_at=NOW, ended_at=NOW, problem_count=2, problems="entry 7: <b>changed</b>\nentry 8: gone"
        )
    page = words(sign_in("farah").get(PAGE))
    assert "2 things in it are not as sealed" in page
    assert "entry 7: &lt;b&gt;changed&lt;/b&gt;" in page


def test_what_held_says_when(sign_in):
    with as_role("worker"):
        Verification.objects.create(started_at=NOW, ended_at=timezone.now(), rows=1234, acts=5, events=6)
    page = words(sign_in("farah").get(PAGE))
    assert "Everything held when it was last verified" in page
    assert "1,234 rows" in page


@pytest.mark.parametrize(("name", "offered"), [("farah", True), ("ben", True), ("asha", False), ("erin", False)])
def test_auditors_and_finance_leads_are_offered_it_by_email(sign_in, cast, name, offered):
    client = sign_in(name)
    assert ("Send me each checkpoint" in words(client.get(PAGE))) is offered
    answer = client.post(PAGE, {"wanted": "yes"}, follow=True)
    assert ("will be sent to you from now on" in words(answer)) is offered
    assert ("Checkpoints are sent to auditors and finance leads" in words(answer)) is not offered
    with as_role("worker"):
        assert CheckpointWish.objects.filter(person=cast.people[name], wanted=True).exists() is offered
    if offered:
        assert "Send me no more checkpoints" in words(client.get(PAGE))
        assert "No more checkpoints are sent to you." in words(client.post(PAGE, {"wanted": "no"}, follow=True))


def test_it_costs_the_same_however_many_checkpoints_there_are(sign_in):
    client = sign_in("farah")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    a_checkpoint()
    queries()
    before = queries()
    for _ in range(4):
        a_checkpoint()
    assert queries() == before


def test_it_is_linked_from_every_page_of_whoever_is_signed_in(sign_in, client):
    assert 'href="/assurance/"' in words(sign_in("gwen").get("/"))
    assert 'href="/assurance/"' not in words(client.get("/"))
