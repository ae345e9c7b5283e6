import datetime as dt
import json
import logging
import re
import time

import pytest
from django.db import OperationalError
from django.utils import timezone

from savings.logs import JsonFormatter, request_id
from savings.models import Heartbeat
from savings.views import health
from tests import database


@pytest.fixture
def beating(db):
    with database.as_role("worker"):
        Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})


def checks(client):
    answer = client.get("/readyz")
    return answer.status_code, answer.json()["checks"]


def test_healthz_asks_nothing_of_the_database(client):
    """Without the db mark a query would be an error."""
    assert client.get("/healthz").content == b"ok\n"


def test_readyz_is_green_with_a_migrated_database_and_a_worker(client, beating):
    status, found = checks(client)
    assert status == 200, found
    assert found["migrations"]["unapplied"] == []


def test_readyz_is_red_without_a_worker(client, db):
    status, found = checks(client)
    assert (status, found["worker"]["ok"], found["database"]["ok"]) == (503, False, True)


def test_readyz_is_red_when_the_worker_fell_silent(client, beating):
    with database.as_role("worker"):
        Heartbeat.objects.update(at=timezone.now() - dt.timedelta(seconds=health.LONGEST_SILENCE + 5))
    assert checks(client)[0] == 503


def test_readyz_is_red_when_a_migration_is_missing(client, beating, monkeypatch):
    monkeypatch.setattr(health, "_unapplied", lambda: ["savings.9999_later"])
    status, found = checks(client)
    assert (status, found["migrations"]) == (503, {"ok": False, "unapplied": ["savings.9999_later"]})


@pytest.mark.parametrize("apart", [-400, 400])
def test_readyz_is_red_when_the_clocks_are_apart(client, beating, monkeypatch, apart):
    """The database would soon refuse everything that this machine does."""
    right = time.time()
    monkeypatch.setattr(health.time, "time", lambda: right + apart)
    status, found = checks(client)
    assert (status, found["clock"]["ok"]) == (503, False)


def test_readyz_does_not_repeat_what_the_database_said(client, beating, monkeypatch):
    def refuse():
        raise OperationalError("could not reach host secret.example")

    monkeypatch.setitem(health.CHECKS, "database", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"secret.example" not in answer.content


def test_a_harmless_request_id_is_kept(client):
    assert client.get("/healthz", headers={"X-Request-ID": "abc-12345"})["X-Request-ID"] == "abc-12345"


@pytest.mark.parametrize("given", ["short", "x" * 65, "abc\n12345", "abc 12345", '{"a":12345}', "abc-12345\n"])
def test_a_request_id_that_could_forge_a_log_line_is_replaced(client, given):
    assert re.fullmatch(r"[0-9a-f-]{36}", client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"])


def test_a_log_line_is_one_json_object_with_the_request_id():
    record = logging.LogRecord("savings", logging.INFO, "", 0, "two\nlines", None, None)
    token = request_id.set("abc-12345")
    line = JsonFormatter().format(record)
    request_id.reset(token)
    assert "\n" not in line
    assert json.loads(line)["request_id"] == "abc-12345"


def test_every_page_carries_the_strict_policy(client):
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
