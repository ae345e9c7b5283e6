"""The page behind a link, as a contact, a scanner, a thief and a double click meet it."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from savings.actions import confirmations, contacts, letters
from savings.logs import JsonFormatter
from savings.models import Confirmation, ConfirmationRequest, Dispute, Entry
from tests.database import as_role
from tests.factories import acting, an_entry
from tests.savings.confirming import ask, give_contact, letter_sent

CANARY = "ZQX-ELSEWHERE"
YES = {"whole": "agree", "without_sharing": "over_half"}


@pytest.fixture(autouse=True)
def nobody_counted():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def link(cast):
    """The address of a link that is good today; Northford's £1,000 and £500 are to be confirmed by Southmere."""
    an_entry(cast, note=CANARY, document_ref=CANARY)
    an_entry(cast, scheme="ICT-01", amount_pence=500_00)
    give_contact(cast, at=timezone.now())
    ask(cast, at=timezone.now())
    return f"/confirm/{letter_sent(timezone.now())}/"


def rows_everywhere():
    with as_role("worker"), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = [name for (name,) in cursor.fetchall() if name not in ("django_migrations",)]
        counts = []
        for table in sorted(tables):
            cursor.execute(f"SELECT has_table_privilege('banked_worker', '{table}', 'SELECT')")
            if cursor.fetchone()[0]:
                cursor.execute(f"SELECT count(*) FROM {table}")
                counts.append((table, cursor.fetchone()[0]))
        return counts


def test_opening_shows_the_claims_and_does_nothing(cast, link):
    before, client = rows_everywhere(), Client()
    for method in ("get", "head", "get"):
        answer = getattr(client, method)(link)
        assert answer.status_code == 200
        assert not answer.cookies
    assert rows_everywhere() == before
    for words in ("North and South Revenues", "REV-01 One revenues manager", "£1,000.00", "£500.00", "£1,500.00",
                  "Jo Field", "Southmere Council", "January to March 2026"):  # fmt: skip
        assert words in answer.text, words
    assert CANARY not in answer.text
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]


def test_a_contact_agrees_to_all(cast, link):
    client = Client()
    page = client.post(link, YES, follow=True)
    with acting(cast.people["ben"]):
        made = Confirmation.objects.get()
        assert (made.answered_by.name, made.without_sharing, made.link_id is None) == ("Jo Field", "over_half", False)
        assert [each.answer for each in made.answers.all()] == ["agreed", "agreed"]
    for words in ("Answer received", made.reference, "Agreed", "over half"):
        assert words in page.text, words
    assert not client.cookies


def test_line_by_line(cast, link):
    answer = {
        "whole": "lines", "without_sharing": "none",
        "answer_1": "other_amount", "amount_1": "400", "answer_2": "disputed",
        "reason_2": "Never happened",
    }  # fmt: skip
    page = Client().post(link, answer, follow=True).text
    assert "Another amount: £400.00" in page
    assert "Never happened" in page
    with acting(cast.people["ben"]):
        assert [d.raised_by.name for d in Dispute.objects.all()] == ["Jo Field", "Jo Field"]


def test_disputing_all_needs_a_reason_and_nothing_is_lost(cast, link):
    client = Client()
    page = client.post(link, {"whole": "dispute", "without_sharing": "none"}).text
    assert "Say what is wrong." in page
    assert 'value="none" checked' in page or "checked" in page
    page = client.post(link, {"whole": "lines", "without_sharing": "none", "answer_1": "agreed"}).text
    assert "Answer for REV-01" in page or "Answer for ICT-01" in page
    with acting(cast.people["ben"]):
        assert not Confirmation.objects.exists()


def test_each_link_that_is_no_good_says_what_to_do(cast, link):
    client = Client()
    assert (client.get("/confirm/nonsense/").status_code, client.post("/confirm/nonsense/", YES).status_code) == (
        404,
        404,
    )
    assert "Open it from the email again" in client.get("/confirm/nonsense/").text
    with acting(cast.people["ben"], timezone.now()):
        request = ConfirmationRequest.objects.get()
    newer = ask(cast, at=timezone.now())
    answer = client.post(link, YES)
    assert answer.status_code == 410
    assert "A newer link was sent" in answer.text
    token = letter_sent(timezone.now())
    with acting(cast.people["dev"], timezone.now()) as how:
        confirmations.revoke(request=newer, reason="No", **how)
    assert "This link was taken back" in client.post(f"/confirm/{token}/", YES).text
    assert request.pk != newer.pk
    with acting(cast.people["ben"]):
        assert not Confirmation.objects.exists()


def test_an_expired_link(cast):
    an_entry(cast)
    give_contact(cast)
    then = timezone.now() - timedelta(days=31)
    ask(cast, at=then)
    address = f"/confirm/{letter_sent(then)}/"
    assert "This link has expired" in Client().get(address).text
    assert Client().post(address, YES).status_code == 410


def test_a_contact_that_ended_cannot_answer(cast, link):
    with acting(cast.people["dev"], timezone.now()) as how:
        contacts.end_contact(contact=contacts.contacts_of(cast.partnership).get(), **how)
    assert "taken back" in Client().post(link, YES).text


def test_a_reminder_takes_the_place_of_the_letter_before(cast):
    an_entry(cast)
    give_contact(cast)
    then = timezone.now() - timedelta(days=12)
    ask(cast, at=then)
    first, second = letter_sent(then), letter_sent(timezone.now())
    assert "A newer link was sent" in Client().get(f"/confirm/{first}/").text
    assert Client().post(f"/confirm/{second}/", YES).status_code == 302


def test_a_link_sees_nothing_but_what_it_asks(cast, link):
    """Round the page: inside the link's scope every table shows nothing of the partnership but the request."""
    from savings.links import opened

    with opened(letters.digest_of(link.split("/")[2]), at=timezone.now()) as found:
        assert found.state == "open"
        assert not Entry.objects.exists()
        assert not Dispute.objects.exists()
        assert ConfirmationRequest.objects.count() == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM councils_person WHERE NOT system")
            assert cursor.fetchall() == [("Jo Field",)]
    with opened(letters.digest_of("unknown"), at=timezone.now()) as found:
        assert found.state == "unknown"
        assert not ConfirmationRequest.objects.exists()


def test_guessing_is_stopped(cast, link):
    client = Client()
    answers = [client.get(f"/confirm/guess-{number}/").status_code for number in range(25)]
    assert answers[:5] == [404] * 5
    assert answers[-1] == 429
    assert client.get(link)["Retry-After"]


def test_the_link_is_in_no_log(cast, link, caplog):
    token = link.split("/")[2]
    formatter = JsonFormatter()
    with caplog.at_level(logging.DEBUG):
        for address in (link, "/confirm/" + "x" * 43 + "/"):
            Client().get(address)
        Client().post(link, YES)
        Client().put(link)
        logging.getLogger("django.request").error("Internal Server Error: %s", link)
    written = "\n".join(formatter.format(record) for record in caplog.records)
    assert "/confirm/…" in written
    assert token not in written


def test_sent_twenty_times_at_once_it_is_taken_once(committed_cast):
    cast = committed_cast
    an_entry(cast)
    give_contact(cast, at=timezone.now())
    ask(cast, at=timezone.now())
    link = f"/confirm/{letter_sent(timezone.now())}/"

    def send(_):
        try:
            answer = Client().post(link, {"whole": "dispute", "reason": "Ours", "without_sharing": "none"})
            return answer.status_code, answer.get("Location")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(send, range(20))) == {(302, link)}
    with as_role("worker"):
        assert (Confirmation.objects.count(), Dispute.objects.count()) == (1, 1)
