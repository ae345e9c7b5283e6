"""Reading a file in a process of its own, so that whatever is in it cannot take a server down with it.

The process gets no address of a database and no secret, so much memory and so much time, and is ended when it takes
more. It gives back the rows as an Arrow file, and what it decided as JSON.
"""

import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from . import files
from .columns import Column, Header
from .files import NotRead, Rows

log = logging.getLogger(__name__)
MEMORY = 3 * 1024**3  # bytes of address space, of which the library reserves far more than it fills
SECONDS = 10  # of processor time; twice that by the clock
ROOMY = 16  # times as much of both, for whoever loads a large file from the shell
TOO_MUCH = "The file takes too long, or too much room, to read. Save the sheet you mean by itself, or split it."
HOME = Path(__file__).resolve().parents[2]


def read_apart(path: Path, columns: Sequence[Column], *, most: int, allow_extra: bool = False,
               roomy: bool = False) -> Rows:  # fmt: skip
    """As `files.read`, of the file at `path`, in a process that cannot harm this one; raises `NotRead`."""
    times = ROOMY if roomy else 1
    seconds = SECONDS * times
    asked: dict[str, Any] = {
        "path": str(path), "most": most, "allow_extra": allow_extra, "seconds": seconds, "memory": MEMORY * times,
        "columns": [[each.name, each.required, each.aliases] for each in columns],
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="banked-upload-") as place:
        asked["out"] = str(Path(place) / "rows.arrow")
        try:
            done = subprocess.run(
                [sys.executable, "-m", "savings.uploads.apart"], input=json.dumps(asked), cwd=HOME, text=True,
                capture_output=True, timeout=2 * seconds, check=False,
                env={"PATH": os.environ.get("PATH", ""), "POLARS_MAX_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise NotRead("too_much", TOO_MUCH)
        if done.returncode:
            raise NotRead("too_much", TOO_MUCH)
        said = json.loads(done.stdout)
        log.info("a file was read", extra={"facts": {"kilobytes": said["kilobytes"]}})
        if refused := said.get("refused"):
            raise NotRead(refused["code"], refused["message"], [tuple(each) for each in refused["problems"]])
        frame = pl.read_ipc(Path(asked["out"]).read_bytes())
    return Rows(frame, Header(said["places"], said["extra"], []), said["notes"], said["extra_cells"])


def main() -> None:
    asked = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"] + 1))
    columns = [Column(name, str, required, tuple(aliases)) for name, required, aliases in asked["columns"]]
    content = Path(asked["path"]).read_bytes()
    try:
        found = files.read(content, columns, most=asked["most"], allow_extra=asked["allow_extra"])
    except NotRead as refused:
        said: dict[str, Any] = {
            "refused": {"code": refused.code, "message": str(refused), "problems": refused.problems}
        }
    else:
        found.frame.write_ipc(asked["out"])
        said = {
            "places": found.header.places, "extra": found.header.extra, "notes": found.notes,
            "extra_cells": found.extra_cells,
        }  # fmt: skip
    json.dump(said | {"kilobytes": _most_memory()}, sys.stdout)


def _most_memory() -> int:
    """The most this process held at once, in kilobytes; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
