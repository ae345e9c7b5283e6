"""The embedded PostgreSQL: made once, started on a unix socket, no TCP port at all. Standard library only."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from savings.services import binaries, unprivileged
from savings.services.places import CHECKOUT, POSTGRES_SOCKET, Places
from savings.services.process import ServerProcess, ServiceFailed, answers

BOOTSTRAP_USER = "bootstrap"  # initdb's own superuser; no process of the product ever connects as it
ROLES = CHECKOUT / "savings/sql/roles.sql"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "1GB",
    "jit": "off",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # A refused or slow statement would be logged with its values: notes, names, amounts. The log says what, not whose.
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
}
# For a cluster that is thrown away: a crash may lose everything, so nothing has to reach the disk.
CARELESS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "120",
}


def process(places: Places) -> ServerProcess:
    return ServerProcess("postgres", places.run, places.logs / "postgres.log")


def usable(places: Places) -> bool:
    return process(places).usable(lambda: _accepts(places))


def start(places: Places, *, careless: bool = False) -> None:
    """Make the cluster if there is none, start the server, and give it the roles of roles.sql if they have changed."""
    programs = binaries.postgres()
    _make(places, programs)
    (places.postgres / "postmaster.pid").unlink(missing_ok=True)  # our lock is free, so no server wrote it that lives
    for leftover in places.sockets.glob(".s.PGSQL.*"):
        leftover.unlink()
    settings = SETTINGS | (CARELESS if careless else {}) | {"unix_socket_directories": f'"{places.sockets}"'}
    server = process(places)
    server.start(
        _not_as_root(programs / "postgres", "-D", str(places.postgres))
        + [word for name, value in settings.items() for word in ("-c", f"{name}={value}")],
        env=binaries.environment(),
    )
    server.wait_until(lambda: _accepts(places))
    _give_roles(places)


def stop(places: Places) -> None:
    process(places).stop(signal.SIGINT)  # "fast": ends sessions, rolls back, writes a checkpoint


def run_roles(sockets: Path, *, database: str = "banked") -> None:
    """Run roles.sql for `database` on the server in folder `sockets`; safe to repeat."""
    command = [str(binaries.postgres() / "psql"), "-X", "-q", "-v", f"database={database}", "-f", str(ROLES)]
    done = subprocess.run(
        [*command, "-h", str(sockets), "-U", BOOTSTRAP_USER, "-d", "postgres"],
        env=binaries.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServiceFailed(f"roles.sql was refused:\n{done.stderr}")


def _make(places: Places, programs: Path) -> None:
    if places.postgres.exists():
        _check_version(places, programs)
        _belongs_to(places.postgres, unprivileged.owner())
        return
    half = places.root / "postgres.unfinished"
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    (places.run / "roles.stamp").unlink(missing_ok=True)
    (places.run / "migrated.stamp").unlink(missing_ok=True)
    _belongs_to(half, unprivileged.owner())
    done = subprocess.run(
        [
            *_not_as_root(programs / "initdb", "-D", str(half), "-U", BOOTSTRAP_USER, "--auth=trust", "--no-sync"),
            *("-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--data-checksums", "--no-instructions"),
        ],
        env=binaries.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServiceFailed(f"PostgreSQL could not make its folder:\n{done.stdout}{done.stderr}")
    half.rename(places.postgres)  # whoever is killed before this leaves only something to throw away


def _check_version(places: Places, programs: Path) -> None:
    made_by = (places.postgres / "PG_VERSION").read_text(encoding="ascii").strip()
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    if made_by != said.split()[2].split(".")[0]:
        raise ServiceFailed(
            f"{places.postgres} was made by PostgreSQL {made_by}, and this is {said.strip()}. "
            "Use another DATA_DIR, or start again with: python3 manage.py demo --fresh"
        )


def _belongs_to(folder: Path, user: int) -> None:
    """Give `folder` and all in it to `user`, when we are root and it is not theirs yet."""
    if os.geteuid() != 0 or folder.stat().st_uid == user:
        return
    for place, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            os.chown(os.path.join(place, name), user, user, follow_symlinks=False)


def _not_as_root(program: Path, *arguments: str) -> list[str]:
    if os.geteuid() != 0:
        return [str(program), *arguments]
    return [sys.executable, "-I", "-S", unprivileged.__file__, str(program), *arguments]


def _accepts(places: Places) -> bool:
    """Whether sessions are let in: the socket answers a moment before that, and a moment after a kill."""
    if not answers(places.sockets / POSTGRES_SOCKET):
        return False
    programs = binaries.postgres()
    asked = [str(programs / "pg_isready"), "-q", "-h", str(places.sockets), "-d", "postgres", "-U", BOOTSTRAP_USER]
    return subprocess.run(asked, env=binaries.environment(), check=False).returncode == 0


def _give_roles(places: Places) -> None:
    stamp, wanted = places.run / "roles.stamp", hashlib.sha256(ROLES.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        run_roles(places.sockets)
        stamp.write_text(wanted, encoding="ascii")
