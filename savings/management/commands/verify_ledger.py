"""`manage.py verify_ledger`: recompute every digest, chain and balance; exit 1 and name what is wrong."""

import json
import sys
import uuid
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from councils import checkpoints
from councils.history import history_faults
from councils.offline import Fault, written
from councils.proving import NotProven, prove
from councils.signing import NoKey, fingerprint, public_bytes, signing_key
from councils.verification import verify
from savings.balances import balances, stored_files


class Command(BaseCommand):
    help = (
        "Recomputes every row's digest, every seal, every chain and every balance. Exit status 1 when one is wrong. "
        "With --checkpoint also compares with a checkpoint that was kept elsewhere."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="a checkpoint that was kept elsewhere")
        parser.add_argument("--key", default="", metavar="FINGERPRINT", help="the key that must have signed it")
        parser.add_argument(
            "--prove",
            metavar="TABLE:PUBLIC_ID",
            help="instead of verifying, print the proof of one row (an entry's identifier alone will do), for "
            "councils/offline.py to check; up to --checkpoint, or to the earliest checkpoint that covers it",
        )

    def handle(self, *args, **options):
        kept, faults = self.kept(options["checkpoint"], options["key"])
        if options["prove"]:
            if faults:
                raise CommandError("; ".join(faults))
            self.stdout.write(self.proof(options["prove"], kept), ending="")
            return
        found = verify()
        problems = [*found.problems, *balances(), *stored_files(), *(f"checkpoint: {fault}" for fault in faults)]
        if kept and not faults:
            problems += history_faults(kept["heads"], kept["root"])
        key = self.key()
        if options["json"]:
            counts = {"rows": found.rows, "acts": found.acts, "events": found.events, "key": key}
            self.stdout.write(json.dumps({**counts, "verified": not problems, "problems": problems}))
        else:
            for problem in problems:
                self.stdout.write(problem)
            read = f"{found.rows:,} rows, {found.acts:,} acts and {found.events:,} events"
            self.stdout.write(f"{read}: {'every seal holds' if not problems else f'{len(problems):,} problems'}.")
            if kept and not problems:
                self.stdout.write(f"All that the checkpoint of {kept['moment']} saw is still there and unchanged.")
            self.stdout.write(f"Signing key {key}.")
        if problems:
            sys.exit(1)

    def kept(self, place, pinned):
        """(the checkpoint somebody kept or None, what is wrong with it by itself)."""
        if place is None:
            if pinned:
                raise CommandError("--key says who must have signed the checkpoint, so give --checkpoint FILE as well.")
            return None, []
        try:
            found = checkpoints.parsed(place.read_text(encoding="utf-8"))
        except (OSError, UnicodeError) as problem:
            raise CommandError(f"{place} cannot be read: {getattr(problem, 'strerror', None) or problem}") from None
        except Fault as fault:
            return None, [f"{place} is not a checkpoint: {fault}"]
        faults = list(checkpoints.own_faults(found, pinned=pinned))
        if not faults and not pinned and found["key"] not in checkpoints.known_keys():
            faults.append(f"it is signed with the key {found['key']}, which this ledger has never signed with")
        return found, faults

    def proof(self, wanted, kept):
        table, _, identifier = wanted.rpartition(":")
        try:
            return written(prove(table or "savings_entry", uuid.UUID(identifier), kept=kept))
        except ValueError:
            raise CommandError(f"{identifier} is not an identifier such as the entry's page gives.") from None
        except NotProven as refusal:
            raise CommandError(str(refusal)) from None

    def key(self):
        """The fingerprint of this installation's key; empty where there is none to be had."""
        try:
            return fingerprint(public_bytes(signing_key()))
        except NoKey:
            return ""
