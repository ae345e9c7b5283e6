"""`manage.py demo`: the whole product on this machine, from nothing; Ctrl-C stops it."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from savings import embedded, launch
from savings.demo.councils import COUNCILS
from savings.demo_lock import AlreadyRunning, demo_lock
from savings.services.binaries import NoServer
from savings.services.children import Children
from savings.services.places import CHECKOUT, Places, data_dir
from savings.services.process import ServiceFailed

READY_WITHIN = 90  # seconds
FIRST_PORT, PORTS = 8000, 100
HIGHEST_PORT = 65_535
# What `--fresh` throws away, and nothing else in DATA_DIR.
DEMO_STATE = ("postgres", "postgres.unfinished", "valkey", "documents", "outbox", "static", "secret_key", "signing_key")
DEMO_STAMPS = ("roles.stamp", "migrated.stamp", "loaded.stamp", "static.stamp", "demo.json", "beat-schedule")


class Stopped(Exception):
    """Somebody asked us to stop."""


class Command(BaseCommand):
    help = "All set-up, then the whole product on this machine: web server, worker and beat. Ctrl-C stops it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="on 127.0.0.1; otherwise 8000, or the next that is free")
        parser.add_argument("--fresh", action="store_true", help="begin again with a new, empty demo world")

    def handle(self, *, port: int | None, fresh: bool, **_options: Any) -> None:
        self.places = Places(data_dir())
        self.started = time.monotonic()
        _on_stop(_stop)
        try:
            with demo_lock(self.places) as announce, _listening(port) as listener:
                if fresh:
                    self.begin_again()
                with embedded.services(self.places, progress=self.step):
                    self.prepare()
                    self.serve(listener, announce)
        except AlreadyRunning as refusal:
            raise CommandError(str(refusal)) from None
        except (NoServer, ServiceFailed, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        except Stopped:
            self.stdout.write("Stopped. The data stays for next time; --fresh begins again.")

    # --- set-up ---------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Everything between the database and the first request; each step is skipped when nothing changed."""
        self.places.make()
        if os.environ.get("DATABASE_URL"):
            self.command("migrate", "--verbosity", "0")
        launch.migrate(self.places)
        with self.unless_done("loaded.stamp", _fingerprint(("councils", "partnerships", "savings"))) as needed:
            if needed:
                self.step("Loading councils, successions and outturn…")
                self.command("load_reference")
                self.step("Loading the demo world…")
                self.keep_sign_ins(self.command("load_demo", "--json"))
        with self.unless_done("static.stamp", _fingerprint(("static",))) as needed:
            if needed:
                self.step("Collecting static files…")
                self.command("collectstatic", "--noinput", "--clear", "--verbosity", "0")

    def begin_again(self) -> None:
        if os.environ.get("DATABASE_URL"):
            raise CommandError("--fresh wipes the embedded database, and DATABASE_URL names another. Nothing was done.")
        if embedded.in_use(self.places):
            raise CommandError(f"Another command is using {self.places.root}. Stop it first; nothing was wiped.")
        embedded.stop_abandoned(self.places)
        self.step("Throwing the old demo world away…")
        state = [self.places.root / name for name in DEMO_STATE]
        for path in [*state, *(self.places.run / name for name in DEMO_STAMPS)]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def command(self, *words: str) -> str:
        """Run another management command as its own process, because each has its own database role."""
        done = subprocess.run(
            [sys.executable, str(CHECKOUT / "manage.py"), *words],
            env=_environment(),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServiceFailed(f"manage.py {words[0]} failed; the reason stands above.")
        return done.stdout

    def keep_sign_ins(self, printed: str) -> None:
        """Keep what `load_demo --json` printed for the next start; passwords, so for this user only."""
        kept = self.places.run / "demo.json"
        kept.touch(mode=0o600)
        kept.write_text(printed, encoding="utf-8")

    @contextlib.contextmanager
    def unless_done(self, stamp: str, wanted: str) -> Iterator[bool]:
        """Whether this still has to be done; the stamp is written when it was."""
        path = self.places.run / stamp
        done = path.exists() and path.read_text(encoding="ascii") == wanted
        yield not done
        path.write_text(wanted, encoding="ascii")

    # --- serving --------------------------------------------------------------------------------------------------

    def serve(self, listener: socket.socket, announce: Any) -> None:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        children = Children(self.places.logs)
        try:
            self.step("Starting the web server, the worker and beat…")
            self.start(children, listener, address)
            self.wait_until_ready(children, address)
            announce(address)
            self.welcome(address)
            while not (name := children.died()):
                time.sleep(0.5)
            raise ServiceFailed(_obituary(children, name))
        finally:
            _on_stop(signal.SIG_IGN)
            self.stdout.write("\nStopping…")
            children.stop()

    def start(self, children: Children, listener: socket.socket, address: str) -> None:
        site = os.environ.get("SITE_URL") or address
        environment = _environment() | {"SITE_URL": site, "DATA_DIR": str(self.places.root)}
        web, worker = environment | {"DATABASE_ROLE": "app"}, environment | {"DATABASE_ROLE": "worker"}
        python = [sys.executable, "-m"]
        gunicorn = [*python, "gunicorn", "savings.wsgi", "--chdir", str(CHECKOUT)]
        gunicorn += ["--bind", f"fd://{listener.fileno()}"]
        gunicorn += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "5"]
        gunicorn += ["--max-requests", "2000", "--max-requests-jitter", "200", "--no-control-socket"]
        celery = [*python, "celery", "--workdir", str(CHECKOUT), "-A", "savings"]
        schedule = str(self.places.run / "beat-schedule")
        children.start("web", gunicorn, env=web, pass_fds=(listener.fileno(),))
        children.start("worker", [*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle"], env=worker)
        children.start("beat", [*celery, "beat", "--pidfile=", "--schedule", schedule], env=worker)

    def wait_until_ready(self, children: Children, address: str) -> None:
        """Until /readyz is green; raises `ServiceFailed` saying what is red."""
        deadline, red = time.monotonic() + READY_WITHIN, "no answer yet"
        asker = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy cannot reach this machine's own
        while time.monotonic() < deadline:
            if name := children.died():
                raise ServiceFailed(_obituary(children, name))
            try:
                with asker.open(f"{address}/readyz", timeout=5):
                    return
            except urllib.error.HTTPError as answer:
                red = answer.read().decode(errors="replace")[:500]
                if _only_the_ledger_is_red(red):
                    self.step("The ledger does not verify. Sign in and see /assurance/ for what is wrong with it.")
                    return
            except OSError as problem:
                red = str(problem)
            time.sleep(0.1)
        raise ServiceFailed(f"Not ready after {READY_WITHIN} s: {red}\nThe logs are in {self.places.logs}.")

    # --- words ----------------------------------------------------------------------------------------------------

    def step(self, line: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.started:5.1f} s  {line}")
        self.stdout.flush()

    def welcome(self, address: str) -> None:
        self.step("Ready.\n")
        self.stdout.write(f"Banked is at {address}\n")
        users = self.sign_ins()
        if users:
            self.stdout.write("Sign in as (everything in this demo world is invented):")
            names = {council.code: council.short_name for council in COUNCILS}
            wide = max(len(user["email"]) for user in users)
            for user in users:
                councils = ", ".join(f"{names[code]} ({code})" if code in names else code for code in user["councils"])
                whose = f" for {councils}" if councils else ""
                role = user["role"].replace("_", " ")
                self.stdout.write(f"  {user['email']:{wide}}  {user['password']}  {role}{whose}")
        self.stdout.write(
            "\nTry first: sign in as a finance officer and record a saving with a PDF as its evidence; sign in as\n"
            "the finance lead of the same council and sign it off; then, as its chief executive, see the council\n"
            "page change and ask for the evidence report.\n"
            f"\nLogs: {self.places.logs}\nCtrl-C stops everything."
        )
        self.stdout.flush()

    def sign_ins(self) -> list[dict[str, Any]]:
        with contextlib.suppress(OSError, ValueError, KeyError):
            return json.loads((self.places.run / "demo.json").read_text(encoding="utf-8"))["users"]
        return []


def _only_the_ledger_is_red(said: str) -> bool:
    """What is wrong with the ledger is looked at in the running product; nothing else may be wrong."""
    with contextlib.suppress(ValueError, KeyError, TypeError):
        return [name for name, check in json.loads(said)["checks"].items() if not check["ok"]] == ["ledger"]
    return False


def _on_stop(handler: Any) -> None:
    for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(name, handler)


def _stop(*_signal: Any) -> None:
    _on_stop(signal.SIG_IGN)  # being impatient must not leave half of it running
    raise Stopped


def _environment() -> dict[str, str]:
    """This process's environment without what the launcher set for the demo command itself."""
    return {name: value for name, value in os.environ.items() if name not in {"DATABASE_ROLE", "LOG_FORMAT"}}


@contextlib.contextmanager
def _listening(port: int | None) -> Iterator[socket.socket]:
    """A listening socket that gunicorn inherits, so that nobody can take the port between finding and using it."""
    if port is not None and not 0 <= port <= HIGHEST_PORT:
        raise CommandError("A port is a number from 0 to 65535")
    for candidate in [port] if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", candidate))
                listener.listen(128)
            except OSError:
                continue
            yield listener
            return
    which = f"Port {port} is" if port is not None else f"All ports from {FIRST_PORT} to {FIRST_PORT + PORTS - 1} are"
    raise CommandError(f"{which} in use or not allowed. Choose another: python3 manage.py demo --port 9000")


def _fingerprint(folders: tuple[str, ...]) -> str:
    """SHA-256 over the names, sizes and times of the files in `folders` of the checkout: changes with any of them."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((CHECKOUT / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                found = path.stat()
                digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _obituary(children: Children, name: str) -> str:
    log = children.log(name)
    end = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])
    return f"The {name} process stopped (status {children.running[name].returncode}). The end of {log}:\n{end}"
