"""Runs one management command with whatever it needs around it. Standard library only until Django takes over.

Which database role a command has, and whether it needs the servers at all, stands in the two tables here.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from savings import embedded
from savings.services.binaries import NoServer
from savings.services.places import CHECKOUT, Places, data_dir
from savings.services.process import ServiceFailed

ROLES = {
    "migrate": "owner",
    "sqlmigrate": "owner",
    "add_administrator": "worker",  # councils/appointments.py says why
    "appoint": "worker",
    "checkpoint": "worker",  # it alone has the key and sees every stream
    "load_demo": "worker",  # savings/demo/world.py says why
    "load_reference": "worker",
    "roll_up": "worker",
    "verify_ledger": "worker",
}
NEEDS_NO_DATABASE = {
    "",
    "check",
    "collectstatic",
    "demo",  # brings the services itself and keeps them
    "diffsettings",
    "evidence",
    "findstatic",
    "generate",
    "help",
    "makemessages",
    "makemigrations",
    "test",  # makes a cluster of its own and throws it away
    "version",
}
MIGRATES_ITSELF = {"migrate", "showmigrations", "sqlmigrate", "dbshell"}


def run(arguments: list[str]) -> int:
    """Run `manage.py` with `arguments` (the program's name first) and return the exit status."""
    command = arguments[1] if len(arguments) > 1 else ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "savings.settings")
    os.environ.setdefault("LOG_FORMAT", "plain")
    if command == "collectstatic":
        os.environ["STATIC_COLLECTED"] = "1"
    asks = command.startswith("-") or bool({"--help", "-h", "--version"} & set(arguments[2:]))
    serverless = asks or command in NEEDS_NO_DATABASE or not _exists(command)
    # With a key given, the settings make no folder either: images collect their static files so.
    keeps_nothing = serverless and command != "demo" and os.environ.get("SECRET_KEY")
    if not keeps_nothing and (problem := _no_place()):
        print(problem, file=sys.stderr)
        return 1
    if serverless:
        os.environ["DATABASE_ROLE"] = "none"
        return _django(arguments)
    os.environ.setdefault("DATABASE_ROLE", ROLES.get(command, "app"))
    places = Places(data_dir())
    try:
        with embedded.services(places):
            if command not in MIGRATES_ITSELF:
                migrate(places)
            return _django(arguments)
    except (NoServer, ServiceFailed) as refusal:
        print(refusal, file=sys.stderr)
        return 1


def _no_place() -> str:
    """Why nothing can be kept in `DATA_DIR` and what to do about it; empty when it can, or need not (DATABASE_URL)."""
    if os.environ.get("DATABASE_URL"):
        return ""
    place = data_dir()
    try:
        place.mkdir(parents=True, exist_ok=True)
        if os.access(place, os.W_OK | os.X_OK):
            return ""
        why = "it is not writable"
    except OSError as refusal:
        why = refusal.strerror or str(refusal)
    return f"{place} cannot hold the data ({why}). Set DATA_DIR to a folder you can write to, and run it again."


def _exists(command: str) -> bool:
    """Whether there is such a command, so that a mistyped one starts no server. Django would need the settings for
    that, and they name the sockets of servers that have not been started."""
    if not command.isidentifier():
        return False
    django = importlib.util.find_spec("django")
    installed = Path(django.origin).parents[1] if django and django.origin else CHECKOUT
    found = f"management/commands/{command}.py"
    patterns = [(CHECKOUT, f"*/{found}"), (installed, f"*/{found}"), (installed, f"*/*/{found}")]
    patterns += [(installed, f"django/core/{found}"), (installed, f"*/contrib/*/{found}")]
    return any(next(folder.glob(pattern), None) for folder, pattern in patterns)


def migrate(places: Places) -> None:
    """Apply migrations as the owner if any of their files changed since the last time for this `DATA_DIR`.

    Real servers (DATABASE_URL) are migrated by a person, with `manage.py migrate`.
    """
    if os.environ.get("DATABASE_URL"):
        return
    stamp, wanted = places.run / "migrated.stamp", _fingerprint()
    # Not the starting lock: the migration is a process of its own that takes that one when it joins the services.
    with embedded.alone(places, lock_name="migrating.lock"):
        if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
            return
        embedded.say("Applying migrations…")
        command = [sys.executable, str(CHECKOUT / "manage.py"), "migrate", "--verbosity", "0"]
        done = subprocess.run(
            command, env=os.environ | {"DATABASE_ROLE": "owner"}, stdout=sys.stderr, cwd=CHECKOUT, check=False
        )
        if done.returncode:
            raise ServiceFailed("The migrations could not be applied; the reason stands above.")
        stamp.write_text(wanted, encoding="ascii")


def _fingerprint() -> str:
    """SHA-256 over every migration of ours and the lock file, which fixes those of Django and allauth."""
    digest = hashlib.sha256()
    files = [path for path in CHECKOUT.glob("*/migrations/**/*") if path.suffix in {".py", ".sql"}]
    for path in [*sorted(files), CHECKOUT / "requirements.txt"]:
        if path.exists():
            digest.update(str(path.relative_to(CHECKOUT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _django(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(arguments)
    except SystemExit as leaving:
        if leaving.code is None or isinstance(leaving.code, int):
            return leaving.code or 0
        print(leaving.code, file=sys.stderr)
        return 1
    return 0
