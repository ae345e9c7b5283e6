"""Loads the reference tables; safe to repeat. It stands here because it loads all three apps' tables."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

import councils.reference
import partnerships.reference
import savings.reference
from councils.loading import InTheWay, Loading
from councils.models import Person


class Command(BaseCommand):
    help = (
        "Load councils, successions, outturn, services, parameters, studies and public claims. Adds what is missing, "
        "never overwrites, and reports what it added and what differs."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object: added, unchanged, differing")

    def handle(self, *args, **options):
        loading = self._load()
        if options["json"]:
            report = {"added": loading.added, "unchanged": loading.unchanged, "differing": loading.differing}
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._tell(loading)

    def _load(self):
        """All or nothing."""
        try:
            with transaction.atomic(), Loading(by=Person.objects.get(system=True), at=timezone.now()) as loading:
                councils.reference.load(loading)
                partnerships.reference.load(loading)
                savings.reference.load(loading)
        except InTheWay as refusal:
            raise CommandError(f"Nothing was loaded. {refusal}") from refusal
        return loading

    def _tell(self, loading):
        for table, added in loading.added.items():
            self.stdout.write(f"{table.replace('_', ' '):18} {added:6,} added {loading.unchanged[table]:6,} unchanged")
        for difference in loading.differing:
            self.stdout.write(f"Differs, left as it is: {difference}")
        if not any(loading.added.values()):
            self.stdout.write("Everything was already here: nothing was added.")
