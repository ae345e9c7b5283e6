"""The demonstration's letters: read where they are files, and no page anywhere else."""

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client

FILES = "django.core.mail.backends.filebased.EmailBackend"


def test_letters_are_read_newest_first_and_their_links_followed(cast, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILES, str(tmp_path)
    assert "No letter has gone out yet" in Client().get("/mailbox/").text
    sender = get_connection()
    for subject in ("The first", "The second"):
        body = "Open this: http://127.0.0.1:8021/join/x_y-z/ <b>é"
        EmailMessage(subject, body, None, ["nia@example.net"], connection=sender).send()
    page = Client().get("/mailbox/").text
    assert page.index("The second") < page.index("The first")
    assert 'href="http://127.0.0.1:8021/join/x_y-z/"' in page
    assert "&lt;b&gt;é" in page
    assert 'href="/mailbox/"' in Client().get("/").text


@pytest.mark.parametrize("backend", ["locmem", "smtp", "console"])
def test_elsewhere_there_is_none(cast, settings, backend):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    assert Client().get("/mailbox/").status_code == 404
    assert "/mailbox/" not in Client().get("/").text
