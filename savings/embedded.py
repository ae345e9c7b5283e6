"""Starts and stops the embedded PostgreSQL and Valkey for whoever needs them, and shares them. Standard library only.

    with embedded.services(places):      # both servers of this DATA_DIR are up
        ...                              # the last one out stops them

Two locks make that safe between processes. Everybody inside holds `users.lock` together; whoever comes or goes holds
`starting.lock` alone for that moment. A process that is killed lets go of both, so the next one finds the truth: it
takes over servers that still run, clears what is left of those that do not, and stops them when it leaves.
"""

import contextlib
import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from typing import BinaryIO

from savings.services import postgres, valkey
from savings.services.places import Places

Say = Callable[[str], None]


def say(line: str) -> None:
    """Progress goes to standard error: standard output belongs to the command."""
    print(line, file=sys.stderr, flush=True)


def wanted() -> set[str]:
    """Which servers this process has to bring: those whose address nobody gave."""
    return {name for name, url in (("postgres", "DATABASE_URL"), ("valkey", "BROKER_URL")) if not os.environ.get(url)}


@contextlib.contextmanager
def services(places: Places, *, careless: bool = False, progress: Say = say) -> Iterator[None]:
    """Both servers are up inside; raises `NoServer` or `ServiceFailed` with a message for a person.

    `careless` is for tests: the cluster is fast and does not survive a crash of the machine.
    """
    needed = wanted()
    if not needed:
        yield
        return
    places.run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(places.run / "users.lock", "a+b") as users:
        with alone(places, progress):
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                _start(places, needed, careless=careless, progress=progress)
            except BaseException:
                _stop_if_last(places, users)
                raise
        try:
            yield
        finally:
            with alone(places, progress):
                _stop_if_last(places, users)


@contextlib.contextmanager
def alone(places: Places, progress: Say = say, *, lock_name: str = "starting.lock") -> Iterator[None]:
    """Nobody else starts or stops meanwhile (or, under another lock, does whatever that one is for)."""
    with open(places.run / lock_name, "a+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("Waiting for another command to finish setting up…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(places: Places, needed: set[str], *, careless: bool, progress: Say) -> None:
    places.make()
    if "postgres" in needed and not postgres.usable(places):
        progress("Starting PostgreSQL…" if places.postgres.exists() else "Making a PostgreSQL cluster…")
        postgres.start(places, careless=careless)
    if "valkey" in needed and not valkey.usable(places):
        valkey.start(places)


def _stop_if_last(places: Places, users: BinaryIO) -> None:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        valkey.stop(places)
        postgres.stop(places)
        places.clear_sockets()


def stop_abandoned(places: Places) -> None:
    """Stop what killed processes left running; nothing happens while anybody is inside `services`."""
    with alone(places, say), open(places.run / "users.lock", "a+b") as users:
        _stop_if_last(places, users)


def in_use(places: Places) -> bool:
    """Whether any process is inside `services` for this `DATA_DIR`."""
    if not places.run.is_dir():
        return False
    with open(places.run / "users.lock", "a+b") as users, contextlib.suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    return True
