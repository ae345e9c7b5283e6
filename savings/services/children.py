"""The processes that `demo` runs beside itself: started together, watched, stopped together. Standard library only."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
PATIENCE = 12  # seconds between asking a child to stop and killing it with all it started


@dataclass
class Children:
    """Children by name, in the order they were started; each writes `logs/<name>.log`, begun anew at every start."""

    logs: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, command: list[str], *, env: dict[str, str], pass_fds: tuple[int, ...] = ()) -> None:
        """Start one in a session of its own: Ctrl-C reaches the parent alone, which then stops them in order."""
        with self.log(name).open("wb") as log:
            self.running[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=env,
                pass_fds=pass_fds,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def died(self) -> str | None:
        """The name of a child that is no longer there, or None."""
        return next((name for name, child in self.running.items() if child.poll() is not None), None)

    def stop(self) -> None:
        """Ask all to finish what they are at, then kill what is left; the last started is asked first."""
        for child in reversed(self.running.values()):
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)  # its whole session: a worker's own children too
            child.wait()
        self.running.clear()


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before the fork, where little is safe


def _die_with_parent() -> None:
    """Between fork and exec: ask the kernel for SIGTERM if the parent is killed and cannot ask itself."""
    assert _libc is not None
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
