"""Settings are read once, so each question is asked of a fresh process."""

import json
import os
import stat
import subprocess
import sys

import pytest

from savings.services.places import CHECKOUT

READ = """
import json, sys
from savings import settings
print(json.dumps({name: getattr(settings, name, None) for name in sys.argv[1:]}, default=str))
"""
PRODUCTION = {
    "DATABASE_URL": "postgresql://banked_app:p@db/banked",
    "BROKER_URL": "redis://broker/0",
    "SECRET_KEY": "given",
    "ALLOWED_HOSTS": "banked.example, www.banked.example",
    "SITE_URL": "https://banked.example",
}


def ask(tmp_path, environment, *names):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", READ, *names],
        env=kept | {"DATA_DIR": str(tmp_path)} | environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )


def read(tmp_path, environment, *names):
    done = ask(tmp_path, environment, *names)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("missing", ["BROKER_URL", "SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_refuses_to_guess(tmp_path, missing):
    done = ask(tmp_path, {name: value for name, value in PRODUCTION.items() if name != missing})
    assert f"so {missing} must be set too" in done.stderr


def test_each_role_has_an_address_of_its_own(tmp_path):
    done = ask(tmp_path, PRODUCTION | {"DATABASE_ROLE": "owner"})
    assert "so OWNER_DATABASE_URL must be set too" in done.stderr


def test_production_over_https_sends_cookies_over_nothing_else(tmp_path):
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "ALLOWED_HOSTS", "DEBUG")
    found = read(tmp_path, PRODUCTION, *names)
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] > 0
    assert found["ALLOWED_HOSTS"] == ["banked.example", "www.banked.example"]
    assert not found["DEBUG"]


def test_the_embedded_run_needs_nothing_and_keeps_its_own_secret(tmp_path):
    first = read(tmp_path, {}, "SECRET_KEY", "DATABASES", "CELERY_BROKER_URL")
    assert first == read(tmp_path, {}, "SECRET_KEY", "DATABASES", "CELERY_BROKER_URL")
    assert len(first["SECRET_KEY"]) > 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert first["DATABASES"]["default"]["USER"] == "banked_app"


def test_another_folder_has_another_secret(tmp_path):
    assert read(tmp_path / "a", {}, "SECRET_KEY") != read(tmp_path / "b", {}, "SECRET_KEY")


def test_no_role_means_no_database(tmp_path):
    assert read(tmp_path, {"DATABASE_ROLE": "none"}, "DATABASES") == {"DATABASES": {}}
