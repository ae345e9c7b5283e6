"""Runs one management command with whatever it needs around it. Standard library only until Django takes over.

Which database role a command has, and whether it needs the servers at all, stands in the two tables here.
"""

import hashlib
import os
import subprocess
import sys

from savings import embedded
from savings.services.binaries import NoServer
from savings.services.places import CHECKOUT, Places, data_dir
from savings.services.process import ServiceFailed

ROLES = {
    "migrate": "owner",
    "sqlmigrate": "owner",
    "add_administrator": "worker",  # councils/appointments.py says why
    "appoint": "worker",
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
    if command in NEEDS_NO_DATABASE or command.startswith("-") or {"--help", "-h", "--version"} & set(arguments[2:]):
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
