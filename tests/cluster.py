"""Brings a PostgreSQL and a Valkey of the tests' own, and throws them away. A pytest plugin (pyproject.toml).

Works the same for `manage.py test` and for plain `python -m pytest`. What tests find in the environment:
BANKED_TEST_CLUSTER is the folder of the cluster's unix socket, BANKED_TEST_SUPERUSER its superuser, DATA_DIR a fresh
folder that holds both servers and every file a test stores. Addresses of real servers are taken away.
"""

import atexit
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from savings import embedded
from savings.services import postgres
from savings.services.places import Places

REAL_SERVERS = ("DATABASE_URL", "WORKER_DATABASE_URL", "OWNER_DATABASE_URL", "BROKER_URL", "DATABASE_ROLE", "SITE_URL")
ABANDONED_AFTER = 60  # seconds; younger folders may belong to a run that is just starting


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> Iterator[None]:
    """Before pytest-django reads the settings. Workers of xdist inherit the environment and start nothing."""
    if "BANKED_TEST_CLUSTER" not in os.environ and not {"--version", "-V", "--help", "-h"} & set(args):
        _start()
    yield


def _start() -> None:
    for name in REAL_SERVERS:
        os.environ.pop(name, None)
    _clear_abandoned()
    root = Path(tempfile.mkdtemp(prefix="banked-test-"))
    places = Places(root)
    running = contextlib.ExitStack()
    running.callback(shutil.rmtree, root, ignore_errors=True)
    running.enter_context(embedded.services(places, careless=True, progress=lambda _line: None))
    mine = os.getpid()
    atexit.register(lambda: running.close() if os.getpid() == mine else None)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ |= {
        "BANKED_TEST_CLUSTER": str(places.sockets),
        "BANKED_TEST_SUPERUSER": postgres.BOOTSTRAP_USER,
        "DATA_DIR": str(root),
        "CACHE_URL": "locmem://tests",
        "EMAIL_URL": "memory:",
        "SECRET_KEY": "tests only",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright keeps an event loop beside the live server's database calls
    }


def _clear_abandoned() -> None:
    """Stop and remove what a killed run of the same user left behind."""
    for root in Path(tempfile.gettempdir()).glob("banked-test-*"):
        with contextlib.suppress(OSError):
            found = root.stat()
            if found.st_uid != os.geteuid() or time.time() - found.st_mtime < ABANDONED_AFTER:
                continue
            if not embedded.in_use(Places(root)):
                embedded.stop_abandoned(Places(root))
                shutil.rmtree(root, ignore_errors=True)
