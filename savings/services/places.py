"""Where everything of one `DATA_DIR` lives. Standard library only.

postgres/  valkey/       the data of the two servers
run/                     locks, process ids, stamps and (when the path is short enough) the sockets
logs/                    one file for each process
"""

import contextlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LONGEST_SOCKET_PATH = 90  # bytes; the system's own limit is 107 on Linux and 103 on macOS, ending in a zero
POSTGRES_SOCKET = ".s.PGSQL.5432"  # PostgreSQL's own name for port 5432, though no port is opened


def data_dir() -> Path:
    """The folder for everything this machine keeps: `DATA_DIR`, or `var` in the checkout."""
    return Path(os.environ.get("DATA_DIR") or CHECKOUT / "var").expanduser().absolute()


@dataclass(frozen=True)
class Places:
    """The paths under one `DATA_DIR`. Asking for a path makes no folder; `make` does."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def sockets(self) -> Path:
        """The folder of the unix sockets: `run/`, or the temporary folder recorded there when the path is too long."""
        if len(os.fsencode(self.run / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH:
            return self.run
        with contextlib.suppress(FileNotFoundError):
            recorded = Path(self._record.read_text(encoding="utf-8").strip())
            if _is_private(recorded):
                return recorded
        return self.run / "no-sockets-yet"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def _record(self) -> Path:
        return self.run / "sockets.path"

    def make(self) -> None:
        """Make the folders, all private to this user. Call only while holding the starting lock."""
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in (self.valkey, self.logs, self.run):
            folder.mkdir(mode=0o700, exist_ok=True)
        if not self.sockets.is_dir():
            self._record.write_text(tempfile.mkdtemp(prefix="banked-"), encoding="utf-8")

    def clear_sockets(self) -> None:
        """Remove a temporary socket folder and its record, once both servers have stopped."""
        if self.sockets != self.run and self.sockets.is_dir():
            shutil.rmtree(self.sockets, ignore_errors=True)
            self._record.unlink(missing_ok=True)


def _is_private(folder: Path) -> bool:
    """Whether `folder` is a real folder of ours that nobody else can enter: temporary places are shared."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
