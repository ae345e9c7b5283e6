"""Making the environment itself is tried by `.ci/run` and by every first start; here is what decides how."""

import subprocess
import sys

import pytest

from savings import bootstrap


@pytest.fixture
def pretend_venv(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").touch()
    (tmp_path / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.7\n")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    return tmp_path


def test_pip_settings_from_the_environment_beat_the_file():
    listing = "global.index-url='one'\n:env:.index-url='two'\nglobal.find-links='/a\\n/b'\nuser.broken\n"
    assert bootstrap.read_pip_settings(listing) == {"index-url": "two", "find-links": "/a\n/b"}


def test_uv_fetches_from_where_pip_would(monkeypatch):
    for name in ("UV_DEFAULT_INDEX", "UV_FIND_LINKS", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    found = bootstrap.uv_environment({"index-url": "mirror", "find-links": "/a\n/b", "cert": "/ca.pem", "format": "x"})
    assert (found["UV_DEFAULT_INDEX"], found["UV_FIND_LINKS"], found["SSL_CERT_FILE"]) == ("mirror", "/a,/b", "/ca.pem")


def test_what_is_set_for_uv_already_stays(monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "mine")
    assert "UV_DEFAULT_INDEX" not in bootstrap.uv_environment({"index-url": "pips"})


def test_the_development_stamp_is_good_for_ordinary_commands(pretend_venv):
    (pretend_venv / "banked.stamp").write_text(bootstrap.wanted_stamp(bootstrap.DEVELOPMENT))
    assert bootstrap._fits(bootstrap.RUNTIME)


def test_the_ordinary_stamp_is_not_good_for_tests(pretend_venv):
    (pretend_venv / "banked.stamp").write_text(bootstrap.wanted_stamp(bootstrap.RUNTIME))
    assert not bootstrap._fits(bootstrap.DEVELOPMENT)


@pytest.mark.parametrize(
    ("words", "lock"),
    [(["test"], "DEVELOPMENT"), (["test", "--help"], "RUNTIME"), (["test", "-h"], "RUNTIME"), (["demo"], "RUNTIME")],
)
def test_only_running_the_tests_needs_their_packages(monkeypatch, words, lock):
    asked = []
    monkeypatch.delenv("BANKED_BOOTSTRAP", raising=False)
    monkeypatch.setattr(bootstrap, "_fits", lambda lock: asked.append(lock) or True)
    monkeypatch.setattr(bootstrap.os, "execv", lambda *_: None)
    bootstrap.enter(["manage.py", *words])
    assert asked == [getattr(bootstrap, lock)]


def test_another_python_means_another_stamp(pretend_venv):
    (pretend_venv / "banked.stamp").write_text(bootstrap.wanted_stamp(bootstrap.RUNTIME))
    (pretend_venv / "pyvenv.cfg").write_text("version = 3.12.1\n")
    assert not bootstrap._fits(bootstrap.RUNTIME)


def test_uv_is_pinned_by_hash_in_the_lock():
    block = bootstrap._block("uv", bootstrap.RUNTIME.read_text())
    assert block.startswith("uv==")
    assert "--hash=sha256:" in block
    assert "via" not in block


def test_locks_name_no_package_index():
    assert not [lock.name for lock in (bootstrap.RUNTIME, bootstrap.DEVELOPMENT) if "://" in lock.read_text()]


def test_the_front_door_reads_nothing_but_the_standard_library():
    """-S leaves out site-packages, and with it everything that is installed."""
    code = "import savings.bootstrap, savings.launch, savings.embedded, savings.demo_lock, savings.services.children"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=bootstrap.CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
