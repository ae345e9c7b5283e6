"""Makes the virtual environment beside manage.py and moves into it. Standard library only.

A stamp in `.venv` (hash of the lock and the Python version) says what was installed last; when it fits, the whole
module costs one small read. Two terminals at once: the second waits for the first. BANKED_BOOTSTRAP=off leaves
everything alone, for images that install the lock themselves.
"""

import ast
import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
RUNTIME, DEVELOPMENT = CHECKOUT / "requirements.txt", CHECKOUT / "requirements-dev.txt"

# pip's own options, and what uv calls them: uv does not read pip's configuration.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
COMMA_SEPARATED = {"UV_FIND_LINKS"}


class CannotBootstrap(RuntimeError):
    """The environment cannot be made; the message says what is missing and the command that cures it."""


def enter(arguments: list[str]) -> None:
    """Return inside a fitting `.venv`; otherwise make it and start the same command again in it, and do not return."""
    if os.environ.get("BANKED_BOOTSTRAP", "").lower() == "off":
        return
    helping = bool({"-h", "--help"} & set(arguments[2:]))  # words only: nothing will be run
    lock = DEVELOPMENT if "test" in arguments[1:2] and not helping else RUNTIME
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    if not _fits(lock):
        with _alone():
            if not _fits(lock):
                _make(lock)
    if not inside:
        python = str(_python())
        os.execv(python, [python, *arguments])


def wanted_stamp(lock: Path) -> str:
    """What the stamp says once `lock` is installed: its hash and the environment's Python version."""
    return f"{hashlib.sha256(lock.read_bytes()).hexdigest()} python {_venv_version()}"


def uv_environment(pip_settings: dict[str, str]) -> dict[str, str]:
    """The variables that make uv fetch from where pip would; what is already set for uv stays."""
    found = {}
    for option, value in pip_settings.items():
        if name := UV_NAMES.get(option):
            words = value.split()
            found[name] = (",".join if name in COMMA_SEPARATED else " ".join)(words)
    # pip looks at every index and takes the best version; the hashes say that any copy of it is the right one.
    defaults = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_PYTHON_DOWNLOADS": "never"}
    return {name: value for name, value in (defaults | found).items() if value and name not in os.environ}


def read_pip_settings(listing: str) -> dict[str, str]:
    """Read the lines of `pip config list` (`global.cert='…'`, `:env:.find-links='…'`); later kinds win.

    pip's order is global, user, site, environment; a section named install counts like global.
    """
    ranks = {"global": 0, "install": 1, ":env:": 2}
    ranked: dict[str, tuple[int, str]] = {}
    for line in listing.splitlines():
        key, equals, quoted = line.partition("=")
        section, _, option = key.rpartition(".")
        if not equals or section not in ranks:
            continue
        with contextlib.suppress(ValueError, SyntaxError):
            value = str(ast.literal_eval(quoted))
            if ranks[section] >= ranked.get(option, (0, ""))[0]:
                ranked[option] = (ranks[section], value)
    return {option: value for option, (_, value) in ranked.items()}


def _fits(lock: Path) -> bool:
    """Whether the stamp answers for `lock`; the development lock holds everything of the other."""
    try:
        stamp = (VENV / "banked.stamp").read_text(encoding="ascii").strip()
        return _python().exists() and stamp in {wanted_stamp(lock), wanted_stamp(DEVELOPMENT)}
    except OSError:
        return False


def _make(lock: Path) -> None:
    started = time.monotonic()
    _say(f"Setting up in {VENV} from {lock.name} (the first time takes a minute or less)…")
    _make_venv()
    (VENV / "banked.stamp").unlink(missing_ok=True)
    try:
        _install_uv()
        _say("Installing packages…")
        # Without these uv would ask for a Python of its own choosing.
        _run([str(_program("uv")), "pip", "sync", "--require-hashes", "--python", str(_python()), str(lock)], uv=True)
    except (subprocess.CalledProcessError, OSError):
        _say("uv could not do it. Trying the same with pip, which is slower…")
        try:
            _run([*_pip(), "install", "--require-hashes", "--no-deps", "-r", str(lock)])
        except (subprocess.CalledProcessError, OSError) as refusal:
            raise CannotBootstrap(
                "The packages could not be installed; the reason stands above. A package index must be within reach: "
                "behind a mirror, set PIP_INDEX_URL (or pip's own configuration) and run the same command again."
            ) from refusal
    (VENV / "banked.stamp").write_text(wanted_stamp(lock), encoding="ascii")
    _say(f"Set up in {time.monotonic() - started:.0f} s.")


def _make_venv() -> None:
    """Make `.venv`, or leave the one that stands: a stamp that differs is put right in place."""
    if _works():
        return
    try:
        import ensurepip  # noqa: F401  Debian and Ubuntu ship Python without it
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotBootstrap(
            "This Python cannot make a virtual environment, because its ensurepip module is missing. "
            f"On Debian or Ubuntu: sudo apt-get install python{version}-venv (or python3-venv)"
        ) from None
    try:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(VENV)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise CannotBootstrap(f"{VENV} could not be made ({problem}). Is the folder writable?") from problem


def _works() -> bool:
    with contextlib.suppress(OSError):
        return subprocess.run([*_pip(), "--version"], capture_output=True, check=False).returncode == 0
    return False


def _install_uv() -> None:
    """Install uv alone, by the hash that the lock holds for it."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as only_uv:
        only_uv.write(_block("uv", RUNTIME.read_text(encoding="utf-8")))
        only_uv.flush()
        _run([*_pip(), "install", "--quiet", "--require-hashes", "--no-deps", "-r", only_uv.name])


def _block(package: str, lock: str) -> str:
    """The lines of one package in the lock: its pin and its hashes."""
    lines = lock.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{package}=="))
    end = next((n for n in range(start + 1, len(lines)) if not lines[n].startswith(" ")), len(lines))
    return "\n".join(line for line in lines[start:end] if "#" not in line).rstrip(" \\") + "\n"


def _pip() -> list[str]:
    return [str(_python()), "-m", "pip", "--disable-pip-version-check"]


def _run(command: list[str], *, uv: bool = False) -> None:
    """Run with its output on standard error, which is where progress goes."""
    environment = dict(os.environ)
    if uv:
        listing = subprocess.run([*_pip(), "config", "list"], capture_output=True, text=True, check=False).stdout
        environment |= uv_environment(read_pip_settings(listing)) | {"VIRTUAL_ENV": str(VENV)}
    subprocess.run(command, env=environment, stdout=sys.stderr, cwd=CHECKOUT, check=True)


def _venv_version() -> str:
    for line in (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        if name.strip() in {"version", "version_info"}:
            return value.strip()
    return "unknown"


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    try:
        lock = open(CHECKOUT / ".venv.lock", "a+b")  # noqa: SIM115  closed two lines further on
    except OSError as problem:
        raise CannotBootstrap(f"{CHECKOUT} must be writable to make .venv in it: {problem}") from problem
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another terminal is setting up; waiting for it…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _python() -> Path:
    return _program("python")


def _program(name: str) -> Path:
    return VENV / "bin" / name


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
