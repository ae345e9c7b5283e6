"""Production's processes on 127.0.0.1: each on a free port, each known by its process id, and no other ever touched."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from savings.services import binaries, unprivileged
from savings.services.children import Children

from . import production

HOST = "127.0.0.1"
SITE = "banked.example"
PATIENCE = 90  # seconds for anything to answer; two busy cores are slow


class NeverHappened(AssertionError):
    """Something was waited for in vain; the message says for what."""


class Production:
    """docker-compose.yml as separate processes. `folder` is a private one; `say` prints what is done."""

    def __init__(self, folder, say):
        self.folder, self.say = folder, say
        self.tree, self.logs = folder / "image", folder / "logs"
        folder.mkdir(mode=0o700)
        for name in ("logs", "tmp", "documents", "broker", "cache", "socket"):
            (folder / name).mkdir(mode=0o700)
        self.children = Children(self.logs)
        self.ports = {name: free_port() for name in ("postgres", "broker", "cache", "web")}
        secrets = {name: os.urandom(16).hex() for name in production.needed() if name.endswith(("PASSWORD", "KEY"))}
        named = {"ALLOWED_HOSTS": SITE, "SITE_URL": f"https://{SITE}", "EMAIL_URL": "console:"}
        self.variables = secrets | named | {"DEFAULT_FROM_EMAIL": f"banked@{SITE}"}
        self.services = production.filled(production.services(self.variables), {})
        production.make_image_tree(self.tree)

    # --- servers ----------------------------------------------------------------------------------------------------

    def start_postgres(self):
        """initdb and the first start as the image's entrypoint does them: roles.sql over the socket, then TCP."""
        programs, data, service = binaries.postgres(), self.folder / "postgres", self.services["postgres"]
        password = self.folder / "password"
        password.write_text(self.variables["POSTGRES_PASSWORD"] + "\n")
        data.mkdir(mode=0o700)
        for place in (data, self.folder / "socket", password):
            os.chown(place, unprivileged.owner(), -1)
        words = service["environment"]["POSTGRES_INITDB_ARGS"].split()
        self.run(
            [*self.not_root(programs / "initdb"), "-D", str(data), "-U", "postgres", f"--pwfile={password}", *words]
        )
        with open(data / "pg_hba.conf", "a") as rules:
            rules.write("host all all all scram-sha-256\n")
        port = self.ports["postgres"]
        place = ["-D", str(data), "-c", f"unix_socket_directories={self.folder / 'socket'}", "-c", f"port={port}"]
        command = [*self.not_root(programs / service["command"][0]), *service["command"][1:], *place]
        listening = ["-c", f"listen_addresses={HOST}"]
        self.children.start("postgres", [*command, *listening], env=binaries.environment() | {"TMPDIR": "/tmp"})
        self.until_listening("postgres")
        ready = [str(programs / "pg_isready"), f"--port={port}", *service["healthcheck"]["test"][2:]]
        self.until("pg_isready", lambda: self.status(ready) == 0)
        psql = [str(programs / "psql"), "-v", "ON_ERROR_STOP=1", "--username", "postgres", "--no-password"]
        where = ["--no-psqlrc", "--dbname", "postgres", "-h", str(self.folder / "socket"), "-p", str(port)]
        environment = binaries.environment() | service["environment"]
        self.run([*psql, *where, "-f", str(self.tree / "savings/sql/roles.sql")], env=environment)

    def start_valkey(self, name):
        """The script of the service `name`, with a port and a folder of our own put into it."""
        words = list(self.services[name]["command"])
        place = f"valkey-server - --port {self.ports[name]} --bind {HOST} --dir {self.folder / name}"
        words[-1] = words[-1].replace("valkey-server -", place, 1)
        path = f"{binaries.valkey().parent}:{os.environ['PATH']}"
        self.children.start(name, words, env={"PATH": path} | self.services[name]["environment"])
        self.until_listening(name)

    # --- ours -------------------------------------------------------------------------------------------------------

    def environment(self, service, **changed):
        """What a container of `service` would have, with the names of containers turned into ports of this machine."""
        image = production.image_environment()
        places = {"DATA_DIR": "nowhere", "MEDIA_ROOT": "documents", "STATIC_ROOT": "static"}
        assert set(places) < set(image)
        image |= {name: str(self.folder / place) for name, place in places.items()}
        image["PATH"] = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        given = {name: self.reach(value) for name, value in self.services[service]["environment"].items()}
        everything = image | {"HOME": "/nonexistent", "TMPDIR": str(self.folder / "tmp")} | given | changed
        return {name: value for name, value in everything.items() if value is not None}

    def command(self, service):
        words = self.services[service].get("command") or production.image_command()
        return [self.reach(word).replace("/tmp/", f"{self.folder / 'tmp'}/") for word in words]

    def reach(self, text):
        for name, inside in (("postgres", 5432), ("broker", 6379), ("cache", 6379), ("web", 8000)):
            text = text.replace(f"{name}:{inside}", f"{HOST}:{self.ports[name]}")
        for everywhere in ("0.0.0.0:8000", "127.0.0.1:8000"):
            text = text.replace(everywhere, f"{HOST}:{self.ports['web']}")
        return text.replace("/var/lib/banked/signing", str(self.folder / "signing"))

    def start(self, service):
        """Start a service of ours from the image's tree."""
        command = ["env", "-C", str(self.tree), *self.command(service)]
        self.children.start(service, command, env=self.environment(service))

    def healthy(self, service):
        """Whether the health check of a service of ours would be green."""
        words = [self.reach(word) for word in self.services[service]["healthcheck"]["test"][1:]]
        return self.status(words, env=self.environment(service), cwd=self.tree) == 0

    def manage(self, *words, service="worker", **changed):
        """`docker compose run --rm SERVICE python manage.py WORDS`: what it printed."""
        return self.run(["python", "manage.py", *words], env=self.environment(service, **changed), cwd=self.tree)

    def refusal(self, service, **changed):
        """What a service of ours says when it will not start with `changed` in its environment."""
        command, log = ["env", "-C", str(self.tree), *self.command(service)], self.folder / "refusal.log"
        alone = Children(self.folder)
        alone.start("refusal", command, env=self.environment(service, **changed))
        try:
            status = alone.running["refusal"].wait(40)
        except subprocess.TimeoutExpired:
            raise NeverHappened(f"{service} started with {changed}:\n{log.read_text()[-2000:]}") from None
        finally:
            alone.stop()
        assert status != 0
        return log.read_text()

    # --- watching ---------------------------------------------------------------------------------------------------

    def until_listening(self, name):
        """Until the port is open, and open by the process we started: a stranger's would be believed otherwise."""
        child = self.children.running[name]
        self.until(f"{name} on its port", lambda: listeners(self.ports[name]))
        strangers = [pid for pid in listeners(self.ports[name]) if not descends(pid, child.pid)]
        assert not strangers, f"port {self.ports[name]} of {name} is held by {strangers}"
        self.say(f"{name} is process {child.pid} on {HOST}:{self.ports[name]}")

    def until(self, what, true):
        """Ask `true()` until it is; the first true answer is returned. Raises `NeverHappened`."""
        deadline = time.monotonic() + PATIENCE
        while not (answer := true()):
            if (dead := self.children.died()) or time.monotonic() > deadline:
                end = self.children.log(dead).read_text(errors="replace")[-3000:] if dead else ""
                raise NeverHappened(f"waited for {what} in vain. {dead or 'Nobody'} died. {end}")
            time.sleep(0.2)
        return answer

    def run(self, command, *, env=None, cwd=None):
        """What the command prints; with `env` it has that environment and nothing of ours."""
        environment = env or binaries.environment()
        done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def status(self, command, *, env=None, cwd=None):
        return subprocess.run(command, env=env or binaries.environment(), cwd=cwd, capture_output=True).returncode

    def not_root(self, program):
        if os.geteuid() != 0:
            return [str(program)]
        return [sys.executable, "-I", "-S", unprivileged.__file__, str(program)]


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def listeners(port):
    """The ids of the processes that listen on `port` of this machine."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{row[9]}]" for row in lines if row[3] == "0A" and int(row[1].split(":")[1], 16) == port}
    return sorted(int(entry.parent.parent.name) for entry in _open_files() if _target(entry) in sockets)


def descends(pid, ancestor):
    """Whether the process `pid` is `ancestor` or was started below it."""
    while pid > 1 and pid != ancestor:
        stat = Path(f"/proc/{pid}/stat").read_text()
        pid = int(stat.rpartition(")")[2].split()[1])
    return pid == ancestor


def _open_files():
    for process in Path("/proc").glob("[0-9]*"):
        try:
            yield from (process / "fd").iterdir()
        except OSError:
            continue


def _target(entry):
    try:
        return str(entry.readlink())
    except OSError:
        return ""
