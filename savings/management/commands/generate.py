"""`manage.py generate FOLDER --entries N --seed S`: a synthetic national set of CSV files, labelled so."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from councils.refusals import Refused
from savings.synthetic import generate


class Command(BaseCommand):
    help = (
        "Write an invented national set of partnerships, schemes and entries between the councils there really are, "
        "as CSV files that say they are invented. The same seed gives the same files. Needs no database."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder")
        parser.add_argument("--entries", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, required=True, metavar="S")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, folder, entries, seed, **options):
        try:
            made = generate(folder, entries=entries, seed=seed, progress=self._progress)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            said = {"entries": made.entries, "pence": made.pence, "partnerships": made.partnerships}
            self.stdout.write(json.dumps(said | {"councils": len(made.files)}))
        else:
            self.stdout.write(
                f"{made.entries:,} invented entries of {len(made.files)} councils in {made.partnerships} partnerships "
                f"are in {folder}."
            )

    _told = 0

    def _progress(self, done, total):
        if done * 10 // total > self._told:
            self._told = done * 10 // total
            self.stderr.write(f"{done:,} of {total:,} entries written…")
