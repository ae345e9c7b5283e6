"""The Ed25519 key of this installation. It lives in a file of its own, never in the database it speaks for."""

import contextlib
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings


class NoKey(Exception):
    """There is no usable signing key; the message says where it was looked for and what to do."""


def signing_key(place: Path | None = None) -> Ed25519PrivateKey:
    """The key in `place` (SIGNING_KEY_FILE), made there the first time, readable by its owner only. Raises `NoKey`."""
    place = place or settings.SIGNING_KEY_FILE
    try:
        if not place.exists():
            _make(place)
        key = load_pem_private_key(place.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as problem:
        raise NoKey(
            f"The signing key {place} cannot be used ({type(problem).__name__}). SIGNING_KEY_FILE must name an Ed25519 "
            "key in PEM, or a place where one can be made. docs/operations.md says how to bring back a lost one."
        ) from problem
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(f"The signing key {place} is not an Ed25519 key.")
    return key


def _make(place: Path) -> None:
    """Write a new key whole beside `place` and link it there: of two that race, the first one's key is the key."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name}.{os.getpid()}.{os.urandom(4).hex()}")
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with open(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        with contextlib.suppress(FileExistsError):
            os.link(fresh, place)
    finally:
        fresh.unlink()


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public key."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def fingerprint(public: bytes) -> str:
    """SHA-256 of the public key's 32 bytes, in hexadecimal: short enough to read out over the telephone."""
    return hashlib.sha256(public).hexdigest()


def signed_by(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the holder of the key whose public half is `public` signed `message`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
