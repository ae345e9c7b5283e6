"""One demo for each `DATA_DIR`: the second one says where the first is. Standard library only."""

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator

from savings.services.places import Places


class AlreadyRunning(RuntimeError):
    """A demo of this `DATA_DIR` runs already; the message says where."""


@contextlib.contextmanager
def demo_lock(places: Places) -> Iterator[Callable[[str], None]]:
    """Hold the lock; yields a function that notes the address for whoever comes second."""
    places.run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(places.run / "demo.lock", "a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_where(places, lock.name)) from None
        lock.truncate(0)

        def announce(address: str) -> None:
            lock.seek(0)
            lock.truncate()
            json.dump({"address": address, "pid": os.getpid()}, lock)
            lock.flush()

        announce("")
        yield announce
        lock.truncate(0)


def _where(places: Places, name: str) -> str:
    with open(name, encoding="utf-8") as lock, contextlib.suppress(ValueError):
        told = json.load(lock)
        place = f"at {told['address']}" if told["address"] else "and is still starting"
        return (
            f"A demo for {places.root} is running already, {place} (process {told['pid']}). "
            "For a second one beside it, set DATA_DIR to another folder."
        )
    return f"A demo for {places.root} is just starting or stopping."
