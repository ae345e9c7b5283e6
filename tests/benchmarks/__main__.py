"""`python -m tests.benchmarks [NAME…]`: measures, and writes the table of docs/benchmarks.md. `NAMES` are the names.

Not part of the test suite: it loads a million entries first, which takes minutes.
"""

import os
import platform
import sys
from pathlib import Path

from tests import cluster

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
NAMES = ("recording", "sealing", "verifying", "act", "reading", "exporting", "uploading")
HEAD = """# What things cost

Written by `python -m tests.benchmarks`. Ratios of one run, on a PostgreSQL that need not reach the disk; the machine
({machine}) had other work as well.

| what | measured | target |
| --- | ---: | ---: |
"""


def main(names: list[str]) -> None:
    cluster._start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "savings.settings")
    import django

    django.setup()
    from tests import cast, database
    from tests.benchmarks import files, ledger

    database.make_template(cast.people_the_template)
    small, big = ledger.loaded("bench_small", 1_000), ledger.loaded("bench_big", 1_000_000)
    found = []
    for name in names or NAMES:
        worlds = () if name == "reading" else (big,)
        if name == "recording":
            worlds = small, big, ledger.loaded("bench_spread", 1_000_000, partnerships=ledger.PARTNERSHIPS)
        for line in (getattr(ledger, name, None) or getattr(files, name))(*worlds):
            print(*line, sep=" | ", flush=True)
            found.append(f"| {' | '.join(line)} |\n")
    if not names:
        machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        PAGE.write_text(HEAD.format(machine=machine) + "".join(found), encoding="utf-8")


main(sys.argv[1:])
