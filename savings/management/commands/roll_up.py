"""Brings the roll-up facts up to date by hand, rebuilds them, or compares them with the ledger."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from savings.reporting import rollups


class Command(BaseCommand):
    help = (
        "Bring roll-ups up to date with the ledger. --rebuild recomputes every partnership and year, parked ones too; "
        "--check compares them with the ledger by separate SQL and exits 1 on any difference."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="recompute every partnership and year")
        parser.add_argument(
            "--check",
            action="store_true",
            help="compare with the ledger; changes nothing unless --rebuild is given too",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["json"]
        recomputed = 0
        if options["rebuild"]:
            rollups.mark_all()
        if options["rebuild"] or not options["check"]:
            recomputed = rollups.drain(progress=_silence if quiet else _progress).recomputed
        differences = rollups.check() if options["check"] else []
        found = {
            "keys": len(rollups.known()),
            "recomputed": recomputed,
            "waiting": len(rollups.stale()),
            "parked": len(rollups.parked()),
            "differences": [difference._asdict() for difference in differences],
        }
        if quiet:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self._say(found, differences, checked=options["check"])
        if differences:
            sys.exit(1)

    def _say(self, found: dict[str, Any], differences: list[rollups.Difference], *, checked: bool) -> None:
        self.stdout.write(
            f"{found['keys']} partnership-years; {found['recomputed']} recomputed, {found['waiting']} waiting, "
            f"{found['parked']} parked."
        )
        if found["parked"]:
            self.stdout.write("Parked ones failed five times: see the log for the reason, then run roll_up --rebuild.")
        for each in differences:
            later = " (it waits to be recomputed: run roll_up)" if each.waiting else ""
            self.stdout.write(
                f"{each.partnership}, {each.council}, {each.year}, {each.audience}: {each.figure} is {each.fact}, the "
                f"ledger says {each.ledger}{later}"
            )
        if checked:
            self.stdout.write(f"{len(differences)} differences." if differences else "No differences with the ledger.")


def _progress(done: int, left: int) -> None:
    if done % 100 == 0:
        print(f"{done} recomputed, {left} left…", file=sys.stderr, flush=True)


def _silence(done: int, left: int) -> None:
    """With --json nothing but the object is printed."""
