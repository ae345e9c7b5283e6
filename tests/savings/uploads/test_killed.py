"""An upload whose process is killed at any moment is applied whole or not at all, and its page says which."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings

from savings.models import Entry, Upload, UploadApplied
from savings.services.places import CHECKOUT
from tests.cast import email_of
from tests.database import as_role

from .sending import as_csv, row

pytestmark = pytest.mark.slow
ROWS, TIMES, SEED = 10_000, 10, 5


def lines(number):
    """A quarter that differs from every other: each row with a key of its own."""
    months = ("April", "May", "June")
    return as_csv(*(row(external_key=f"{number}-{nth}", month=months[nth % 3]) for nth in range(ROWS)))


def started(file):
    sockets = os.environ["BANKED_TEST_CLUSTER"]
    environment = os.environ | {
        "DATABASE_ROLE": "app",
        "DATABASE_URL": f"postgresql://banked_app@/{settings.DATABASES['default']['NAME']}?host={sockets}",
        "DJANGO_SETTINGS_MODULE": "savings.settings", "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "BROKER_URL": settings.CELERY_BROKER_URL, "ALLOWED_HOSTS": "localhost",
    }  # fmt: skip
    words = ["import_entries", str(file), "--council", "NFD", "--as", email_of("asha"), "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "django", *words], env=environment, cwd=CHECKOUT, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def written(number):
    """(entries of the file, of how many uploads it is said that they were applied)."""
    with as_role("worker"):
        entries = Entry.objects.filter(external_key__startswith=f"{number}-").count()
        said = UploadApplied.objects.filter(upload__name=f"{number}.csv").values_list("new", flat=True)
        return entries, list(said)


def test_all_rows_or_none(committed_cast, tmp_path):
    file = tmp_path / "0.csv"
    file.write_bytes(lines(0))
    began = time.monotonic()
    whole = started(file)
    assert whole.wait(120) == 0
    took = time.monotonic() - began
    assert written(0) == (ROWS, [ROWS])
    chance, seen = random.Random(SEED), []
    for number in range(1, TIMES + 1):
        file = tmp_path / f"{number}.csv"
        file.write_bytes(lines(number))
        running = started(file)
        time.sleep(took * chance.uniform(0.35, 1.05))
        os.killpg(running.pid, signal.SIGKILL)
        running.wait(10)
        found = written(number)
        assert found in ((0, []), (ROWS, [ROWS])), f"killed {number}: {found}"
        seen.append(found[0])
    assert {0} <= set(seen), f"none was killed in time (seed {SEED}): {seen}"
    again = started(file)  # whoever was killed sends the file again, and it is there once
    assert again.wait(120) == 0
    assert written(TIMES)[0] == ROWS
    with as_role("worker"):
        assert Upload.objects.exclude(applied__isnull=True).count() == UploadApplied.objects.count()
