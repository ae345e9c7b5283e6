"""`manage.py appoint EMAIL --name NAME --role ROLE --council CODE --as ADMINISTRATOR`: until people can be invited."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from councils.appointments import appoint
from councils.models import Council, Role, User
from councils.refusals import Refused
from savings import passwords

ROLES = [what for what in Role.What.values if what != Role.What.ADMINISTRATOR]


class Command(BaseCommand):
    help = (
        "Give somebody a role for a council from today, with an account if they have none. The password is "
        "BANKED_PASSWORD, or asked for at a terminal; otherwise a link is printed at which they set it themselves."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--name", default="", help="needed for a new account")
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument("--council", required=True, metavar="CODE")
        parser.add_argument("--as", dest="administrator", required=True, metavar="EMAIL", help="who appoints them")

    def handle(self, *, email, name, role, council, administrator, **options):
        council = _find(Council.objects, "council", code=council)
        by = _find(User.objects.select_related("person"), "account", email__iexact=administrator.strip()).person
        known = User.objects.filter(email__iexact=email.strip()).exists()
        password = None if known else passwords.given()
        try:
            user = appoint(
                by=by, at=timezone.now(), email=email, name=name, council=council, what=role, password=password
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.person.name} ({user.email}) is {Role.What(role).label.lower()} for {council.name}.")
        if not known:
            self.stdout.write(passwords.how_to_sign_in(user, password=password))


def _find(rows, noun, **named):
    if found := rows.filter(**named).first():
        return found
    raise CommandError(f"There is no {noun} {', '.join(map(str, named.values()))}.")
