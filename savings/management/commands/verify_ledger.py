"""`manage.py verify_ledger`: recompute every digest, chain and balance; exit 1 and name what is wrong."""

import json
import sys

from django.core.management.base import BaseCommand

from councils.verification import verify
from savings.balances import balances, stored_files


class Command(BaseCommand):
    help = "Recomputes every row's digest, every seal, every chain and every balance. Exit status 1 when one is wrong."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args, **options):
        found = verify()
        problems = [*found.problems, *balances(), *stored_files()]
        if options["json"]:
            counts = {"rows": found.rows, "acts": found.acts, "events": found.events}
            self.stdout.write(json.dumps({**counts, "verified": not problems, "problems": problems}))
        else:
            for problem in problems:
                self.stdout.write(problem)
            read = f"{found.rows:,} rows, {found.acts:,} acts and {found.events:,} events"
            self.stdout.write(f"{read}: {'every seal holds' if not problems else f'{len(problems):,} problems'}.")
        if problems:
            sys.exit(1)
