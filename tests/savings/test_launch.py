"""Commands as a person types them, with nothing started beforehand."""

import io
import json
import os
import shutil
import socket
import subprocess
import sys

import pytest
from django.core.management import get_commands
from django.core.management.base import CommandError

from savings import launch
from savings.demo.councils import COUNCILS
from savings.management.commands import demo, test
from savings.services import postgres, valkey
from savings.services.children import Children
from savings.services.places import CHECKOUT, Places


def manage(data_dir, *words):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, str(CHECKOUT / "manage.py"), *words]
    environment = kept | {"DATA_DIR": str(data_dir), "BANKED_BOOTSTRAP": "off"}
    return subprocess.run(command, env=environment, cwd=CHECKOUT, capture_output=True, text=True)


def test_a_command_brings_up_what_it_needs_and_leaves_nothing_behind(tmp_path):
    ask = "import json; from django.db import connection as c; k = c.cursor(); "
    ask += "k.execute('SELECT current_user, count(*) FROM django_migrations'); print(json.dumps(k.fetchone()))"
    first = manage(tmp_path, "shell", "-v0", "-c", ask)
    assert first.returncode == 0, first.stderr
    user, applied = json.loads(first.stdout)  # and nothing else is on standard output
    assert (user, applied > 10) == ("banked_app", True)
    assert "Applying migrations" in first.stderr
    places = Places(tmp_path)
    assert not postgres.process(places).alive()
    assert not valkey.process(places).alive()
    assert "Applying migrations" not in manage(tmp_path, "shell", "-v0", "-c", ask).stderr


def test_a_command_without_a_database_starts_no_server(tmp_path):
    done = manage(tmp_path, "check")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "postgres").exists()


def test_help_starts_no_server(tmp_path):
    assert manage(tmp_path, "migrate", "--help").returncode == 0
    assert not (tmp_path / "postgres").exists()


def test_a_mistyped_command_starts_no_server(tmp_path):
    done = manage(tmp_path, "rol_up")
    assert done.returncode == 1
    assert "Unknown command: 'rol_up'" in done.stderr
    assert not (tmp_path / "postgres").exists()


def test_every_command_there_is_is_known():
    assert [name for name in get_commands() if not launch._exists(name)] == []


@pytest.mark.parametrize("command", ["demo", "roll_up"])
def test_a_folder_that_cannot_be_made_is_one_sentence_with_the_cure(command, tmp_path):
    (tmp_path / "file").touch()
    done = manage(tmp_path / "file" / "data", command)
    assert done.returncode == 1
    assert done.stderr.endswith("Set DATA_DIR to a folder you can write to, and run it again.\n")
    assert "Traceback" not in done.stderr


def test_new_migrations_change_the_fingerprint(tmp_path, monkeypatch):
    shutil.copytree(CHECKOUT / "councils/migrations", tmp_path / "councils/migrations")
    monkeypatch.setattr(launch, "CHECKOUT", tmp_path)
    before = launch._fingerprint()
    (tmp_path / "councils/migrations/9999_more.sql").write_text("SELECT 1;")
    assert launch._fingerprint() != before


@pytest.mark.parametrize(
    ("given", "added"), [([], ["-n", "2"]), (["-n0"], []), (["--pdb"], []), (["-k", "walls"], ["-n", "2"])]
)
def test_the_suite_runs_in_two_processes_unless_told_otherwise(given, added):
    assert test.processes(given) == added


def test_a_busy_port_is_named_when_asked_for():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        with pytest.raises(CommandError, match="in use"), demo._listening(busy.getsockname()[1]):
            pass


@pytest.mark.parametrize("port", [-1, 65_536, 80_000])
def test_a_port_that_cannot_be_is_refused(port):
    with pytest.raises(CommandError, match="A port is a number from 0 to 65535"), demo._listening(port):
        pass


def test_without_a_port_the_next_free_one_is_taken(monkeypatch):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        monkeypatch.setattr(demo, "FIRST_PORT", busy.getsockname()[1])
        with demo._listening(None) as listener:
            assert listener.getsockname()[1] > busy.getsockname()[1]


def test_fresh_never_touches_a_real_database(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@b/c")
    command = demo.Command()
    command.places = Places(tmp_path)
    with pytest.raises(CommandError, match="Nothing was done"):
        command.begin_again()


def test_sign_ins_name_the_council_beside_its_code(tmp_path):
    command = demo.Command(stdout=io.StringIO())
    command.places, command.started = Places(tmp_path), 0.0
    command.places.run.mkdir(parents=True, exist_ok=True)
    one = COUNCILS[0]
    user = {"email": "a@b.example", "password": "word", "role": "finance_lead", "councils": [one.code]}
    command.keep_sign_ins(json.dumps({"users": [user]}))
    command.welcome("http://127.0.0.1:8000")
    assert f"finance lead for {one.short_name} ({one.code})" in command.stdout.getvalue()


def test_a_child_that_dies_is_named_with_the_end_of_its_log(tmp_path):
    children = Children(tmp_path)
    children.start("worker", ["/bin/sh", "-c", "echo no broker; exit 3"], env={})
    children.running["worker"].wait()
    assert children.died() == "worker"
    assert "no broker" in demo._obituary(children, "worker")


def test_stopping_children_takes_their_own_children_along(tmp_path):
    """The pipe ends when the last process that holds it is gone."""
    reads, writes = os.pipe()
    children = Children(tmp_path)
    children.start("web", ["/bin/sh", "-c", "sleep 60 & wait"], env={"PATH": os.environ["PATH"]}, pass_fds=(writes,))
    os.close(writes)
    children.stop()
    with os.fdopen(reads) as pipe:
        assert pipe.read() == ""
