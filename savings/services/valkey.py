"""The embedded Valkey: Celery's doorbell on a unix socket, no TCP port. Standard library only."""

import signal

from savings.services import binaries
from savings.services.places import Places
from savings.services.process import ServerProcess, answers


def process(places: Places) -> ServerProcess:
    return ServerProcess("valkey", places.run, places.logs / "valkey.log")


def usable(places: Places) -> bool:
    return process(places).usable(lambda: _accepts(places))


def start(places: Places) -> None:
    """Start it; what was queued when it last stopped is still there (append-only file)."""
    places.valkey_socket.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(places.valkey_socket),
        "unixsocketperm": "700",
        "dir": str(places.valkey),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    server = process(places)
    server.start(
        [str(binaries.valkey()), *(word for name, value in options.items() for word in (f"--{name}", value))],
        env=binaries.environment(),
    )
    server.wait_until(lambda: _accepts(places), seconds=20)


def stop(places: Places) -> None:
    process(places).stop(signal.SIGTERM)


def _accepts(places: Places) -> bool:
    return answers(places.valkey_socket, b"PING\r\n", b"+PONG")
