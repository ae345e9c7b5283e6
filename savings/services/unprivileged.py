"""Runs a server that refuses root, as root. Standard library only; also a program: `python unprivileged.py COMMAND…`.

PostgreSQL will not start as user 0. Two ways round it, tried in turn, neither of which makes a system user or opens a
folder to others:

1. A user namespace in which our user 0 is called 1000: the files stay root's and the server sees its own.
2. Where namespaces are forbidden (containers): become `nobody`, keeping the one capability that lets it through
   root's folders. The data folder then has to belong to nobody; `owner()` says so.
"""

import contextlib
import ctypes
import os
import sys

CLONE_NEWUSER = 0x10000000
NOBODY = 65534
CAP_DAC_OVERRIDE = 1
PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 4
CAPABILITY_VERSION_3 = 0x20080522


class CannotLeaveRoot(OSError):
    """Neither way works here; the message says what does."""


def owner() -> int:
    """The user id that files of an unprivileged server must have on this machine."""
    return NOBODY if os.geteuid() == 0 and not _namespaces_work() else os.geteuid()


def leave_root() -> None:
    """Make this process one that is not root for as long as it lives; does nothing for an ordinary user."""
    if os.geteuid() != 0:
        return
    if _namespaces_work():
        _enter_namespace()
        return
    try:
        _become_nobody()
    except OSError as problem:
        raise CannotLeaveRoot(
            "PostgreSQL refuses to run as root, and this machine allows neither a user namespace nor another user. "
            "Run the command as an ordinary user, or set DATABASE_URL to a PostgreSQL that runs elsewhere."
        ) from problem


def _namespaces_work() -> bool:
    """Try it in a child: a process cannot leave a namespace again."""
    if sys.platform != "linux":
        return False
    child = os.fork()
    if child == 0:
        try:
            _enter_namespace()
            os._exit(0 if os.geteuid() == 1000 else 1)
        except BaseException:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def _enter_namespace() -> None:
    _call("unshare", CLONE_NEWUSER)
    for name, words in (("setgroups", "deny"), ("gid_map", "1000 0 1"), ("uid_map", "1000 0 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(words)


def _become_nobody() -> None:
    if sys.platform == "linux":
        _call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
        # access() otherwise forgets capabilities, and initdb asks by access() whether it may run postgres. A container
        # may forbid it; folders that everybody may enter still work then.
        with contextlib.suppress(OSError):
            _call("prctl", PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    if sys.platform == "linux":
        bit = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        # effective, permitted, inheritable; then the same for capabilities above 31, of which we keep none
        _call("capset", header, (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0))
        _call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def _call(name: str, *arguments: object) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    try:
        leave_root()
    except CannotLeaveRoot as refusal:
        sys.exit(str(refusal))
    os.execv(sys.argv[1], sys.argv[1:])
