"""`manage.py export_entries --format csv --output FILE --as EMAIL`: what that person may see, as a file."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from councils.models import Council
from councils.refusals import Refused
from partnerships.models import Partnership
from savings.exporting import WRITERS, export
from savings.past import end_of, read_moment
from savings.shell import as_person


class Command(BaseCommand):
    help = (
        "Write the entries one person may see to a file that import_entries takes back. Beside it a small file, named "
        "after it with .about.json, says what is in it."
    )

    def add_arguments(self, parser):
        parser.add_argument("--council", default="", metavar="CODE", help="entries of this council only")
        parser.add_argument("--partnership", default="", metavar="SLUG", help="entries of this partnership only")
        parser.add_argument("--as-at", default="", metavar="MOMENT", help="2026-03-31, or 2026-03-31T12:00")
        parser.add_argument("--format", required=True, choices=list(WRITERS))
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL", help="who asks, by their account")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, council, partnership, as_at, output, email, **options):
        if not output.resolve().parent.is_dir():
            raise CommandError(f"There is no folder {output.parent}.")
        with as_person(email) as (by, now):
            moment = self._moment(as_at, now)
            chosen = {
                "council": self._one(Council.objects.filter(code__iexact=council), council, "council"),
                "partnership": self._one(Partnership.objects.filter(slug=partnership), partnership, "partnership"),
            }
            try:
                found = export(output.resolve(), options["format"], by=by, at=now, moment=moment, **chosen)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
        about = json.dumps(found.about(), ensure_ascii=False, indent=1)
        Path(f"{output}.about.json").write_text(about + "\n", encoding="utf-8")
        if options["json"]:
            self.stdout.write(json.dumps(found._asdict(), ensure_ascii=False))
        else:
            self.stdout.write(f"{found.rows:,} entries written to {output}.")

    def _one(self, rows, asked, noun):
        if not asked:
            return None
        if (found := rows.first()) is None:
            raise CommandError(f"There is no {noun} {asked} here.")
        return found

    def _moment(self, text, now):
        if not text:
            return None
        try:
            moment = read_moment(text)
        except ValueError as wrong:
            raise CommandError(f"{text} is not a moment. Write it like 2026-03-31 or 2026-03-31T12:00.") from wrong
        if moment > end_of(timezone.localdate(now)):
            raise CommandError("That moment is still to come.")
        return moment
