"""For whoever watches the machine: is the process up, and does the whole product work?"""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from councils.scope import without_scope

LONGEST_WAIT = 120  # seconds a stale roll-up may wait
LONGEST_SILENCE = 90  # seconds between two heartbeats, which beat asks for every 30
MOST_APART = 300  # seconds between this machine's clock and the database's, which refuses acts from 600 on
LONGEST_UNVERIFIED = 30 * 60 * 60  # seconds; it is verified every night

State = dict[str, Any]


@without_scope
@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers. Nothing else is asked, so that a slow database never restarts a healthy process."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@without_scope
@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """`{"ready": bool, "checks": {name: {"ok": bool, …}}}`; status 503 when any check is red."""
    checks = {name: _state(check) for name, check in CHECKS.items()}
    ready = all(state["ok"] for state in checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def database() -> State:
    _one("SELECT 1")
    return {"ok": True}


def migrations() -> State:
    waiting = _unapplied()
    return {"ok": not waiting, "unapplied": waiting}


def clock() -> State:
    """Seconds that this machine's clock is ahead of the database's."""
    ahead = round(time.time() - float(_one("SELECT extract(epoch FROM clock_timestamp())")))
    return {"ok": abs(ahead) < MOST_APART, "seconds_ahead": ahead}


def roll_ups() -> State:
    """Seconds that the oldest stale mark has waited; parked ones are shown elsewhere and are no reason to restart."""
    age = _one("SELECT extract(epoch FROM clock_timestamp() - oldest_waiting_mark())::int")
    return {"ok": age is None or age < LONGEST_WAIT, "oldest_waiting_seconds": age}


def worker() -> State:
    age = _one("SELECT extract(epoch FROM clock_timestamp() - at)::int FROM savings_heartbeat WHERE name = 'worker'")
    return {"ok": age is not None and age < LONGEST_SILENCE, "last_heartbeat_seconds": age}


def ledger() -> State:
    """When the product last verified the whole ledger, and how many things were not as sealed; the page names them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT extract(epoch FROM clock_timestamp() - ended_at)::int, problem_count FROM councils_verification
               WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT 1"""
        )
        age, problems = cursor.fetchone() or (None, 0)
    ok = age is None or (problems == 0 and age < LONGEST_UNVERIFIED)  # a new installation has not come to it yet
    return {"ok": ok, "verified_seconds_ago": age, "problems": problems}


CHECKS: dict[str, Callable[[], State]] = {
    "database": database,
    "migrations": migrations,
    "clock": clock,
    "roll_ups": roll_ups,
    "worker": worker,
    "ledger": ledger,
}


def _state(check: Callable[[], State]) -> State:
    """What `check` says, or that the database refused; its own words may name hosts, so they stay in the log."""
    try:
        with transaction.atomic():
            return check()
    except DatabaseError as refusal:
        return {"ok": False, "problem": type(refusal).__name__}


def _one(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchone()
        return found[0] if found else None


def _unapplied() -> list[str]:
    """Names of migrations that the code has and the database has not, at most ten."""
    if _all_applied():
        return []
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan][:10]


@cache
def _migrations_in_code() -> frozenset[tuple[str, str]]:
    """Read once: files do not change under a running server."""
    return frozenset(MigrationExecutor(None).loader.disk_migrations)


def _all_applied() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return _migrations_in_code() <= set(cursor.fetchall())
