"""Accounts and passwords of the demonstration's people.

Passwords are random for each `DATA_DIR` and kept there, readable by its owner only, so that a repeated run prints what
the first one printed.
"""

import json
import os
import secrets
from pathlib import Path

from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password

from councils.models import User

from .people import DOMAINS, PEOPLE

FILE = "demo_sign_ins.json"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that could be read as something else


class RealUsers(Exception):
    """The database has accounts of people who are not invented."""


def refuse_real_users():
    """Raise `RealUsers` when any account has an address that is not of the demonstration."""
    strangers = [email for email in User.objects.values_list("email", flat=True) if email.split("@")[-1] not in DOMAINS]
    if strangers:
        raise RealUsers(
            f"This database has accounts of real people ({len(strangers)}), so no demonstration is loaded into it. "
            "Use another database, or another DATA_DIR."
        )


def credentials(data_dir):
    """One dict per account, in the order of the cast: name, email, password, role and councils (codes).

    Makes up the passwords the first time and keeps them.
    """
    path = Path(data_dir) / FILE
    kept = _read(path)
    passwords = {one.email: kept["passwords"].get(one.email) or _password() for one in PEOPLE}
    if passwords != kept["passwords"]:
        _keep(path, {"world": "", "passwords": passwords})
    return [
        {
            "name": one.name, "email": one.email, "password": passwords[one.email], "role": str(one.what),
            "councils": [one.council] if one.council else [],
        }
        for one in PEOPLE
    ]  # fmt: skip


def hold_in(data_dir, world):
    """Whether the kept passwords are those of the loaded world `world` (a text that names it)."""
    return _read(Path(data_dir) / FILE)["world"] == world


def note(data_dir, world):
    """The kept passwords now are those of `world`."""
    path = Path(data_dir) / FILE
    _keep(path, _read(path) | {"world": world})


def _read(path):
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"world": "", "passwords": {}}


def _password():
    """Four groups of four, such as `k7wd-m2xp-9hrt-caqz`: 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def _keep(path, kept):
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
    fresh.replace(path)


def make_accounts(people, persons):
    """A `User` for each of the people: of the person in `persons` with that email."""
    User.objects.bulk_create(
        User(email=one["email"], person=persons[one["email"]], password=_hashed(one["password"])) for one in people
    )


def set_passwords(people):
    """The file of this `DATA_DIR` was lost, or the world came from another one: its passwords hold from now on."""
    for one in people:
        User.objects.filter(email=one["email"]).update(password=_hashed(one["password"]))


class Lightly(PBKDF2PasswordHasher):
    """Stretching guards passwords that people think up. These are 79 random bits, and it takes seconds."""

    iterations = 20_000


def _hashed(password):
    return make_password(password, hasher=Lightly())
