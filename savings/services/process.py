"""One server process that outlives whoever started it and is known by a lock, not by a number. Standard library only.

The server inherits a locked file, and so do its children. The lock is free exactly when the last of them is gone, so
a process id that was given to something else can never be mistaken for ours.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class ServiceFailed(RuntimeError):
    """A server did not start or did not stop; the message says where its log is."""


@dataclass(frozen=True)
class ServerProcess:
    """The server `name` of one `DATA_DIR`: its lock and process id stand in `run`, its log is `log`."""

    name: str
    run: Path
    log: Path

    @property
    def pid_file(self) -> Path:
        return self.run / f"{self.name}.pid"

    def alive(self) -> bool:
        with open(self.run / f"{self.name}.lock", "a+b") as lock:
            return not _take(lock.fileno())

    def usable(self, ready: Callable[[], bool], *, seconds: float = 20) -> bool:
        """Whether it runs and is `ready()`. One that has just been killed lives on in its children for a moment: that
        is waited for, and one that stays unready is stopped."""
        deadline = time.monotonic() + seconds
        while self.alive():
            if ready():
                return True
            if time.monotonic() > deadline:
                self.stop(signal.SIGKILL)
            time.sleep(0.02)
        return False

    def start(self, command: list[str], *, env: dict[str, str] | None = None) -> None:
        """Start it in a session of its own, so that Ctrl-C in somebody's terminal does not reach it."""
        with open(self.run / f"{self.name}.lock", "a+b") as lock, open(self.log, "ab") as log:
            if not _take(lock.fileno()):
                raise ServiceFailed(f"{self.name} is already running")
            started = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=env,
                cwd=self.run,
                pass_fds=[lock.fileno()],
                start_new_session=True,
            )
            started.returncode = 0  # it is not ours to wait for: tells Python not to warn about a child still running
        self.pid_file.write_text(str(started.pid), encoding="ascii")

    def wait_until(self, ready: Callable[[], bool], *, seconds: float = 60) -> None:
        """Wait until `ready()`; raises `ServiceFailed` with the end of the log if it dies or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            self._reap()
            if not self.alive() or time.monotonic() > deadline:
                raise ServiceFailed(f"{self.name} did not start. The end of {self.log}:\n{self._end_of_log()}")
            time.sleep(0.02)

    def stop(self, how: signal.Signals, *, seconds: float = 30) -> None:
        """Ask it to stop with signal `how` and wait; kills it after `seconds`. Nothing happens if it is not running."""
        deadline = time.monotonic() + seconds
        if self.alive():
            self._signal(how)
        while self.alive():
            self._reap()
            if time.monotonic() > deadline:
                self._signal(signal.SIGKILL)
                deadline += 5
            time.sleep(0.02)
        self._reap()
        self.pid_file.unlink(missing_ok=True)

    def _signal(self, how: signal.Signals) -> None:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError):
            os.kill(int(self.pid_file.read_text(encoding="ascii")), how)

    def _reap(self) -> None:
        """Take the exit status if the server was our own child, so that no zombie stays."""
        with contextlib.suppress(FileNotFoundError, ChildProcessError, ValueError):
            os.waitpid(int(self.pid_file.read_text(encoding="ascii")), os.WNOHANG)

    def _end_of_log(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
        return "(there is no log)"


def answers(path: Path, question: bytes = b"", answer: bytes = b"", *, seconds: float = 2) -> bool:
    """Whether something accepts connections on the unix socket `path` and, given a `question`, answers it so.

    A process that has just been killed still accepts for a moment, because the kernel does it; it never answers.
    """
    with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
        probe.settimeout(seconds)
        probe.connect(str(path))
        probe.sendall(question)
        return not question or probe.recv(len(answer)) == answer
    return False


def _take(descriptor: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
