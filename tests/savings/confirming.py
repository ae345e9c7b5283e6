"""A contact of Southmere, a request to it, and the token of the letter it got."""

import re
from datetime import timedelta

from django.core import mail

from councils.years import FinancialYear
from savings.actions import confirmations, contacts, letters
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting

DAY = timedelta(days=1)
Q4 = FinancialYear(2025).quarters[3]  # a whole year closes with it


def give_contact(cast, *, by="dev", council="STM", name="Jo Field", email="jo@example.net", at=NOW):
    with acting(cast.people[by], at) as how:
        return contacts.set_contact(
            partnership=cast.partnership, council=cast.councils[council], name=name, email=email, **how
        )


def ask(cast, *, by="ben", council="STM", quarter=Q4, at=NOW):
    with acting(cast.people[by], at) as how:
        return confirmations.ask(partnership=cast.partnership, council=cast.councils[council], quarter=quarter, **how)


def letter_sent(at=NOW):
    """Let the worker write what is due; the token of the last letter."""
    with as_role("worker"):
        assert letters.write_due(at=at)
    return re.search(r"/confirm/([^/]+)/", mail.outbox[-1].body)[1]
