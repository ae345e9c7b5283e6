"""Loads the demonstration world: a believable small world to click around in. Safe to repeat."""

import argparse
import datetime
import json

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from savings.demo import credentials, world
from savings.demo.councils import COUNCILS
from savings.demo.dates import LONDON
from savings.demo.sign_ins import RealUsers
from savings.demo.story import PARTNERSHIPS


class Command(BaseCommand):
    help = (
        "Load six invented councils with four partnerships and five years of savings, and print the sign-ins. "
        "Safe to repeat: nothing is added twice. Refuses a database that has accounts of real people."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object: users, councils, partnerships")
        parser.add_argument("--as-of", metavar="DATE", type=_day, help="tell the story up to this day, YYYY-MM-DD")

    def handle(self, *args, **options):
        moment = _moment(options["as_of"], now=timezone.now())
        if world.lacks_services():
            self._tell("Loading the reference tables first…")
            call_command("load_reference", stdout=self.stderr)
        try:
            made = world.load(moment=moment, data_dir=settings.DATA_DIR)
        except RealUsers as refusal:
            raise CommandError(str(refusal)) from refusal
        self._roll_up()
        self._tell(
            "The demonstration was loaded." if made else "The demonstration was already here. Nothing was added."
        )
        people = credentials(settings.DATA_DIR)
        self.stdout.write(_as_json(people) if options["json"] else _as_table(people))

    def _roll_up(self):
        """At once, so that pages show figures even where no worker runs; with nothing stale it costs one query."""
        from savings.reporting import rollups

        rollups.drain()

    def _tell(self, line):
        """Progress goes to standard error: standard output is the answer."""
        self.stderr.write(line, self.style.NOTICE)


def _day(text):
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"“{text}” is not a day. Write it like 2025-09-30.") from problem


def _moment(day, *, now):
    """The end of `day`, or now when that has not come yet or no day is given. Raises `CommandError` for a later day."""
    if day is None or day == timezone.localdate(now):
        return now
    if day > timezone.localdate(now):
        raise CommandError("That day has not come yet, and nothing is recorded in the future.")
    return datetime.datetime.combine(day, datetime.time(23, 59), LONDON)


def _as_json(people):
    users = [{key: one[key] for key in ("email", "password", "role", "councils")} for one in people]
    codes = [one.code for one in COUNCILS]
    slugs = [each.ARRANGEMENT.slug for each in PARTNERSHIPS]
    return json.dumps({"users": users, "councils": codes, "partnerships": slugs})


def _as_table(people):
    rows = [("name", "email", "password", "role", "council")]
    rows += [
        (one["name"], one["email"], one["password"], one["role"].replace("_", " "), " ".join(one["councils"]))
        for one in people
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
