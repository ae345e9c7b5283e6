"""Real servers, each in a folder of its own: about half a second for a cluster."""

import os
import signal
import socket
import subprocess
import sys
import time

import psycopg
import pytest

from savings import embedded
from savings.demo_lock import AlreadyRunning, demo_lock
from savings.services import binaries, postgres, unprivileged, valkey
from savings.services.places import CHECKOUT, POSTGRES_SOCKET, Places
from savings.services.process import ServerProcess, ServiceFailed, answers

HOLD = """
import sys
from pathlib import Path
from savings import embedded
from savings.services.places import Places
with embedded.services(Places(Path(sys.argv[1])), careless=True):
    print("up", flush=True)
    sys.stdin.read()
"""

COME_IN = """
import sys
from pathlib import Path
from savings import embedded
from savings.services.places import Places
with embedded.alone(Places(Path(sys.argv[1]))):
    print("in")
"""


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path / "with space")


def quietly(places):
    return embedded.services(places, careless=True, progress=lambda _line: None)


def holder(places):
    """Another process that stays inside until its standard input ends."""
    command = [sys.executable, "-c", HOLD, str(places.root)]
    started = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stdout.readline() == "up\n"
    return started


def alive(places):
    return postgres.process(places).alive(), valkey.process(places).alive()


def connect(places, user="banked_app"):
    return psycopg.connect(host=str(places.sockets), user=user, dbname="banked")


def test_both_servers_are_up_inside_and_gone_outside(places):
    with quietly(places):
        with connect(places) as connection:
            assert connection.execute("SELECT current_setting('listen_addresses')").fetchone() == ("",)
        assert answers(places.valkey_socket)
    assert alive(places) == (False, False)
    assert not list(places.run.glob("*.pid"))


def test_the_last_one_out_stops_them(places):
    other = holder(places)
    with quietly(places):
        other.communicate("")
        assert alive(places) == (True, True)
    assert alive(places) == (False, False)


def test_servers_of_a_killed_process_are_taken_over_and_stopped(places):
    other = holder(places)
    other.kill()
    other.communicate()
    assert alive(places) == (True, True)
    with quietly(places), connect(places):
        pass
    assert alive(places) == (False, False)


def test_what_killed_servers_left_behind_is_cleared(places):
    other = holder(places)
    for name in ("postgres", "valkey"):
        os.kill(int((places.run / f"{name}.pid").read_text()), signal.SIGKILL)
    other.kill()
    other.communicate()
    with quietly(places), connect(places):
        pass


def test_a_process_id_given_to_something_else_is_not_mistaken_for_ours(places):
    with quietly(places):
        pass
    (places.run / "postgres.pid").write_text(str(os.getpid()))
    (places.postgres / "postmaster.pid").write_text(f"{os.getpid()}\n{places.postgres}\n")
    with quietly(places), connect(places):
        pass


def test_ctrl_c_in_the_terminal_does_not_reach_the_servers(places):
    with quietly(places):
        pid = int((places.run / "postgres.pid").read_text())
        assert os.getsid(pid) != os.getsid(0)


def test_two_folders_do_not_collide(places, tmp_path):
    second = Places(tmp_path / "second")
    with quietly(places), quietly(second), connect(places) as one, connect(second) as two:
        one.execute("SELECT 1")
        two.execute("SELECT 1")


def test_a_long_path_gets_a_short_private_folder_for_its_sockets(tmp_path):
    places = Places(tmp_path / ("x" * 100))
    with quietly(places), connect(places):
        sockets = places.sockets
        assert len(os.fsencode(sockets / POSTGRES_SOCKET)) < 90
        assert sockets.stat().st_mode & 0o077 == 0
    assert not sockets.exists()


def test_the_products_roles_cannot_go_round_row_level_security(places):
    with quietly(places), connect(places) as connection:
        asked = (
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'banked%' AND (rolsuper OR rolcreaterole OR rolbypassrls)"
        )
        assert connection.execute(asked).fetchall() == [("banked_backup",)]


def test_given_addresses_start_nothing(places, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@b/c")
    monkeypatch.setenv("BROKER_URL", "redis://b")
    with quietly(places):
        assert not places.run.exists()


def test_a_cluster_of_another_major_version_is_refused_in_words(places):
    with quietly(places):
        pass
    (places.postgres / "PG_VERSION").write_text("15\n")
    with pytest.raises(ServiceFailed, match="was made by PostgreSQL 15"), quietly(places):
        pass
    assert alive(places) == (False, False)


def test_without_any_server_the_message_says_what_to_do(monkeypatch):
    monkeypatch.setattr(binaries, "_wheel", lambda _package: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(binaries.NoServer, match="set DATABASE_URL"):
        binaries.postgres()
    with pytest.raises(binaries.NoServer, match="set BROKER_URL"):
        binaries.valkey()


def test_a_server_that_dies_shows_the_end_of_its_log(tmp_path):
    server = ServerProcess("broken", tmp_path, tmp_path / "broken.log")
    server.start(["/bin/sh", "-c", "echo no such luck; exit 3"])
    with pytest.raises(ServiceFailed, match="no such luck"):
        server.wait_until(lambda: False, seconds=5)


def test_a_server_that_will_not_stop_is_killed(tmp_path):
    server = ServerProcess("deaf", tmp_path, tmp_path / "deaf.log")
    server.start(
        [sys.executable, "-c", "import signal,time; signal.signal(15, 1); print('x', flush=True); time.sleep(99)"]
    )
    server.wait_until(lambda: bool(server.log.read_text()))
    server.stop(signal.SIGTERM, seconds=0.1)
    assert not server.alive()


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root has to leave root")
@pytest.mark.parametrize("way", [unprivileged._enter_namespace, unprivileged._become_nobody])
def test_both_ways_to_leave_root_can_still_reach_roots_folders(tmp_path, way):
    tmp_path.chmod(0o700)
    (tmp_path / "seen").touch()
    child = os.fork()
    if child == 0:
        way()
        asked = f"import os, sys; sys.exit(os.getuid() == 0 or not os.access({str(tmp_path / 'seen')!r}, os.R_OK))"
        os.execv(sys.executable, [sys.executable, "-c", asked])
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root becomes nobody")
def test_where_namespaces_are_forbidden_the_cluster_belongs_to_nobody(places, tmp_path, monkeypatch):
    """As in a container with a strict profile: the launcher is told that namespaces do not work."""
    pretend = tmp_path / "strict.py"
    source = (CHECKOUT / "savings/services/unprivileged.py").read_text()
    pretend.write_text(source.replace('if sys.platform != "linux":\n        return False', "return False"))
    monkeypatch.setattr(unprivileged, "_namespaces_work", lambda: False)
    monkeypatch.setattr(unprivileged, "__file__", str(pretend))
    with quietly(places), connect(places):
        assert places.postgres.stat().st_uid == unprivileged.NOBODY


def test_the_second_demo_is_told_where_the_first_is(places):
    with demo_lock(places) as announce:
        announce("http://127.0.0.1:8000")
        with pytest.raises(AlreadyRunning, match=r"at http://127\.0\.0\.1:8000"), demo_lock(places):
            pass


def test_a_command_waits_for_one_that_is_starting(places):
    said = []
    places.run.mkdir(parents=True)
    with embedded.alone(places):
        other = subprocess.Popen(
            [sys.executable, "-c", COME_IN, str(places.root)],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        said.append(other.stderr.readline())
        time.sleep(0.1)
        assert other.poll() is None
    assert other.communicate()[0] == "in\n"
    assert "Waiting for another command" in said[0]


def test_a_server_that_accepts_but_does_not_answer_is_not_up(tmp_path):
    """So a server looks for a moment after it was killed: the kernel accepts for it."""
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "s"))
        silent.listen()
        assert answers(tmp_path / "s")
        assert not answers(tmp_path / "s", b"PING\r\n", b"+PONG", seconds=0.1)
