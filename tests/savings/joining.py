"""An invitation, and the token of the letter it went out with."""

import re

from django.core import mail

from savings.actions import invitation_letters, invitations
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting


def invite(cast, *, by="ben", council="NFD", name="Nia Moss", email="nia@example.net", what="finance_officer", at=NOW,
           **more):  # fmt: skip
    with acting(cast.people[by], at) as how:
        return invitations.invite(council=cast.councils[council], name=name, email=email, what=what, **how, **more)


def letter_sent(at=NOW):
    """Let the worker write what is due; the token of the last letter."""
    with as_role("worker"):
        assert invitation_letters.write_due(at=at)
    return re.search(r"/join/([^/]+)/", mail.outbox[-1].body)[1]
