"""`manage.py add_administrator EMAIL --name NAME`: somebody who may appoint others, when there is nobody yet to ask."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from councils.appointments import add_administrator
from councils.refusals import Refused
from savings import passwords


class Command(BaseCommand):
    help = (
        "Make the account of an administrator. The password is BANKED_PASSWORD, or asked for at a terminal; "
        "otherwise a link is printed at which they set it themselves. It is an act on the register."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--name", required=True, help="as it should stand beside what they do")

    def handle(self, *, email, name, **options):
        password = passwords.given()
        try:
            user = add_administrator(at=timezone.now(), email=email, name=name, password=password)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.person.name} ({user.email}) is an administrator.")
        self.stdout.write(passwords.how_to_sign_in(user, password=password))
