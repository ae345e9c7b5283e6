"""Works out one case file and prints the result as JSON. Needs no database."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from savings.analysis.case import evaluate_case
from savings.analysis.tables import Malformed


class Command(BaseCommand):
    help = "Work out one calculation (a case.json with its CSV tables beside it) and print the result as JSON."
    requires_system_checks = ()  # arithmetic on files: whatever else is broken, figures can still be checked

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", metavar="CASE.json")
        parser.add_argument("--json", action="store_true", help="accepted for uniformity: the output is always JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = evaluate_case(options["case"])
        except Malformed as problem:
            raise CommandError(str(problem), returncode=2) from None
        self.stdout.write(json.dumps(result, ensure_ascii=False, allow_nan=False))
