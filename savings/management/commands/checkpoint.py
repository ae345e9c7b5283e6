"""`manage.py checkpoint`: sign and print the head of every stream."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from councils import checkpoints
from councils.models import Checkpoint, Person
from councils.signing import NoKey


class Command(BaseCommand):
    help = (
        "Signs how far every stream has come and prints it. Keep a copy where nobody who administers this database can "
        "reach it: verify_ledger --checkpoint FILE then finds a history that was rewritten or shortened."
    )

    def add_arguments(self, parser):
        parser.add_argument("--output", type=Path, metavar="FILE", help="write the checkpoint to this file as well")
        parser.add_argument("--json", action="store_true", help="print the checkpoint and nothing else")

    def handle(self, *args, **options):
        try:
            made = checkpoints.make(by=Person.objects.get(system=True), at=timezone.now(), why=Checkpoint.Why.ASKED)
        except NoKey as refusal:
            raise CommandError(str(refusal)) from None
        text = checkpoints.as_text(made)
        if options["output"]:
            try:
                options["output"].write_text(text, encoding="utf-8")
            except OSError as problem:
                raise CommandError(f"{options['output']} could not be written: {problem.strerror}") from None
        if options["json"]:
            self.stdout.write(text, ending="")
            return
        for head in checkpoints.heads_of(made):
            self.stdout.write(f"{head.key:24} {head.sequence:>10,}  {head.hash}")
        self.stdout.write(f"Moment      {checkpoints.written_moment(made.moment)}")
        self.stdout.write(f"Root        {made.root}")
        self.stdout.write(f"Public key  {made.public_key}")
        self.stdout.write(f"Key         {made.key}")
        where = options["output"]
        self.stdout.write(
            f"Written to {where}. Keep it away from this machine." if where else "To keep it: --output FILE."
        )
