"""Sets a folder as a PDF that is tagged (PDF/UA-1) and archivable with its attachments (PDF/A-3a).

Typst runs in a process of its own: it needs several hundred megabytes for a long report, which go back to the machine
when it ends, and a document it cannot set takes no worker with it. Nothing is fetched; only the fonts beside this file
and those inside typst are used, so every machine sets the same pages.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FONTS, TEMPLATES = HERE / "fonts", HERE / "typst"
LONGEST = 300  # seconds
STANDARDS: list[Any] = ["ua-1", "a-3a"]


class NotSet(Exception):
    """Typst could not set the document; the message is its own."""


def pdf(document: Mapping[str, Any], *, chart: str, attached: Mapping[str, bytes]) -> bytes:
    """The report `document` (see `wording`) with its chart (SVG) and the files to attach; raises `NotSet`."""
    with tempfile.TemporaryDirectory(prefix="banked-report-") as folder:
        place = Path(folder)
        shutil.copytree(TEMPLATES, place, dirs_exist_ok=True)
        (place / "report.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        (place / "chart.svg").write_text(chart, "utf-8")
        for name, content in attached.items():
            (place / name).write_bytes(content)
        try:
            done = subprocess.run(
                [sys.executable, "-I", __file__, folder], capture_output=True, text=True, timeout=LONGEST, check=False
            )
        except subprocess.TimeoutExpired as slow:
            raise NotSet(f"it took longer than {LONGEST} seconds") from slow
        if done.returncode:
            raise NotSet(done.stderr.strip()[-2000:] or f"exit status {done.returncode}")
        return (place / "report.pdf").read_bytes()


def main(folder: str) -> None:
    """In the process of its own: set `report.typ` in `folder`, which is all it can read beside the fonts."""
    import typst

    try:
        typst.compile(
            f"{folder}/report.typ", output=f"{folder}/report.pdf", root=folder, font_paths=[str(FONTS)],
            ignore_system_fonts=True, pdf_standards=STANDARDS,
        )  # fmt: skip
    except typst.TypstError as refusal:
        sys.exit("\n".join([refusal.message, *refusal.hints]))


if __name__ == "__main__":
    main(sys.argv[1])
