"""`manage.py import_entries FILE --council CODE --as EMAIL`: an upload from the shell, by the path of every other."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from councils.models import Council
from councils.refusals import Refused
from savings.models import Upload
from savings.shell import as_person
from savings.uploads import applying, keeping
from savings.uploads.checking import BAD, DUPLICATE, NEW, SAME

MOST = 10_000_000
SHOWN = 50


class Command(BaseCommand):
    help = (
        "Check a CSV or Excel file of entries and write its new rows to the ledger, all or none. Rows the ledger has "
        "already are left alone, so the same file can be sent again. Exit status 1 when something is wrong."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--council", required=True, metavar="CODE", help="the council the rows are of")
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL", help="who uploads, by their account")
        parser.add_argument("--check", action="store_true", help="check only; write nothing")
        parser.add_argument("--good-rows", action="store_true", help="write the good rows though others are bad")
        parser.add_argument("--extra-columns", action="store_true", help="leave out columns that are not known")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, file, council, email, check, good_rows, extra_columns, **options):
        try:
            content = file.read_bytes()
        except OSError as gone:
            raise CommandError(f"{file} cannot be read: {gone.strerror}.") from gone
        with as_person(email) as (by, at):
            found = Council.objects.filter(code__iexact=council.strip()).first()
            if found is None:
                raise CommandError(f"There is no council {council}.")
            said = self._send(content, file.name, found, by, at, check, good_rows, extra_columns)
        self._say(said, as_json=options["json"])
        if said["errors"] and not said["applied"]:
            sys.exit(1)

    def _send(self, content, name, council, by, at, check, good_rows, extra_columns):
        try:
            sent = keeping.send(
                content, name=name, council=council, by=by, at=at, source=Upload.Source.SHELL, most=MOST, roomy=True,
                allow_extra=extra_columns,
            )  # fmt: skip
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        counts = {each: getattr(sent.upload, each) for each in (NEW, SAME, DUPLICATE, BAD)}
        said = {"rows": sent.upload.rows, **counts, "applied": 0, "errors": []}
        if sent.refusal or sent.checked is None or sent.found is None:
            said["errors"] = [
                {"row": None, "column": column or None, "code": code, "message": message}
                for code, column, message in (sent.refusal.problems if sent.refusal else ())
            ]
            return said
        wrong = sent.checked.problems.filter(sent.checked.problems["code"] != DUPLICATE)
        said["errors"] = wrong.select("row", "column", "code", "message").to_dicts()
        if not check and counts[NEW] and (good_rows or not counts[BAD]):
            try:
                done = applying.apply(
                    upload=sent.upload, found=sent.found, by=by, at=at, good_rows=good_rows, progress=self._progress
                )
            except Refused as refusal:
                said["errors"].append({"row": None, "column": None, "code": "refused", "message": str(refusal)})
            else:
                said["applied"] = done.new
        return said

    def _progress(self, done, total):
        if total > 20_000:
            self.stderr.write(f"{done:,} of {total:,} rows written…")

    def _say(self, said, *, as_json):
        if as_json:
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        for each in said["errors"][:SHOWN]:
            where = f"Row {each['row']}" if each["row"] else "The file"
            self.stdout.write(f"{where}{', ' + each['column'] if each['column'] else ''}: {each['message']}")
        if len(said["errors"]) > SHOWN:
            self.stdout.write(f"… and {len(said['errors']) - SHOWN:,} more; --json prints them all.")
        self.stdout.write(
            f"{said['rows']:,} rows: {said['new']:,} new, {said['same']:,} the same, {said['duplicate']:,} duplicate, "
            f"{said['bad']:,} bad. {said['applied']:,} written."
        )
