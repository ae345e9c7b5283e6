"""Handing out documents: to whom, how, and what happens when a file has gone."""

import uuid

import pytest
from django.urls import reverse

from councils.models import Act, Event
from savings import documents
from tests import database, factories
from tests.savings.views.test_entries import seen_by


@pytest.fixture
def document(cast):
    content = factories.PDF + uuid.uuid4().bytes  # a file of its own: one test takes it away
    entry = factories.an_entry(cast, files=[factories.a_file("Proof £1.pdf", content, title="Proof")])
    with seen_by(cast, "asha"):
        return entry.supports.get().document


def url(document):
    return reverse("savings:document", args=[document.public_id])


@pytest.mark.parametrize("name", ["asha", "gwen", "omar", "farah"])
def test_members_get_it_as_a_download_that_cannot_run(sign_in, document, name):
    answer = sign_in(name).get(url(document))
    assert b"".join(answer.streaming_content).startswith(factories.PDF)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]


def test_reading_is_an_act_on_the_access_stream(cast, sign_in, document):
    b"".join(sign_in("omar").get(url(document)).streaming_content)
    with database.as_role("worker"):
        read = Act.objects.get(verb="read")
        assert (read.person_id, read.subject) == (cast.people["omar"].pk, f"document:{document.public_id}")
        assert [event.stream.key for event in Event.objects.filter(act=read).select_related("stream")] == ["access"]


def test_to_a_stranger_it_does_not_exist_and_nothing_is_noted(sign_in, document):
    assert sign_in("cleo").get(url(document)).status_code == 404
    assert sign_in(None).get(url(document)).status_code == 302
    with database.as_role("worker"):
        assert not Act.objects.filter(verb="read").exists()


def test_reading_is_never_a_post(sign_in, document):
    assert sign_in("asha").post(url(document)).status_code == 405


def test_a_file_that_has_gone_says_what_to_do(sign_in, document, caplog):
    documents.path_of(document.sha256).unlink()
    answer = sign_in("asha").get(url(document))
    assert answer.status_code == 500
    assert "restore the documents from the last backup" in answer.text
    assert document.sha256 in answer.text
    assert "an uploaded file cannot be read" in caplog.text
    with database.as_role("worker"):
        assert not Act.objects.filter(verb="read").exists()
