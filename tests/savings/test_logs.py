"""What a log line says of a request, and what it must not."""

import logging

from django.test import Client


def test_a_link_with_a_key_cannot_be_used_by_whoever_reads_the_log(db, caplog):
    with caplog.at_level(logging.INFO, logger="savings.requests"):
        Client().get("/accounts/password/reset/key/3-secret/")
    (line,) = [record for record in caplog.records if record.name == "savings.requests"]
    assert line.facts["path"] == "/accounts/password/reset/key/…"
    assert "secret" not in line.getMessage()


def test_every_answer_names_its_request(db):
    assert Client().get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})["X-Request-ID"] == "from-the-proxy-1"
    assert "\n" not in Client().get("/healthz", headers={"X-Request-ID": "bad id!"})["X-Request-ID"]
