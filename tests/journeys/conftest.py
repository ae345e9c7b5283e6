"""The product itself, started as a person would: `manage.py demo` in a folder of its own, with its real worker."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
TESTS_OWN = (
    "BANKED_TEST_CLUSTER", "BANKED_TEST_SUPERUSER", "CACHE_URL", "EMAIL_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
)  # fmt: skip
READY_WITHIN = 180  # seconds; a busy machine is slow to make a cluster


class Product(NamedTuple):
    """A running product: where it answers, where it keeps its things, and who can sign in."""

    address: str
    data_dir: Path
    users: list[dict]
    environment: dict[str, str]

    def who(self, role, council="QNF"):
        return next(user for user in self.users if user["role"] == role and council in user["councils"])

    def manage(self, *words):
        """Run a management command beside it, sharing its servers; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=CHECKOUT, env=self.environment, capture_output=True, text=True
        )
        return done.returncode, done.stdout

    def processes(self, name):
        """Ids of this product's own `name` processes (web, worker, beat), told by the DATA_DIR in their environment."""
        wanted = f"DATA_DIR={self.data_dir}".encode()
        words = {"worker": b"\0worker\0", "web": b"gunicorn", "beat": b"\0beat\0"}[name]
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                if wanted in (place / "environ").read_bytes() and words in (place / "cmdline").read_bytes():
                    found.append(int(place.name))
            except OSError:
                continue
        return found


def environment(data_dir):
    kept = {name: value for name, value in os.environ.items() if name not in TESTS_OWN}
    return kept | {"DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}


def wait_for_address(process):
    """The address `demo` prints when /readyz is green; fails with what it printed instead."""
    printed, deadline = "", time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        if select.select([process.stdout], [], [], 1)[0]:
            printed += os.read(process.stdout.fileno(), 65536).decode(errors="replace")
        if (found := re.search(r"Banked is at (\S+)", printed)) and "Ctrl-C stops everything" in printed:
            return found[1]
    pytest.fail(f"the demo was not ready within {READY_WITHIN} s:\n{printed}")


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    data_dir = tmp_path_factory.mktemp("a demo of its own")  # with spaces, as people's folders have
    around = environment(data_dir)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", "0"],
        cwd=CHECKOUT, env=around, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        address = wait_for_address(process)
        users = json.loads((data_dir / "run" / "demo.json").read_text("utf-8"))["users"]
        yield Product(address, data_dir, users, around)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()
