"""The letters with an invitation's link, written by the worker. Only the link's digest is kept."""

import logging
import secrets
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from councils.acts import act
from councils.models import Invitation, InvitationLink, Person, Role

from .letters import digest_of

log = logging.getLogger(__name__)


def write_due(*, at):
    """Send every invitation that was not sent yet; returns how many went. As the worker only.

    Safe to run twice and at once: the link's row is unique and stands before its letter goes. A letter that cannot be
    sent takes its link back with it and is tried again.
    """
    due = Invitation.objects.waiting().filter(link__isnull=True, expires_at__gt=at)
    return sum(_write(each, at) for each in due.select_related("council", "invited_by").order_by("pk")[:200])


def _write(invitation, at):
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            system = Person.objects.get(system=True)
            with act(by=system, at=at, verb="sent an invitation", subject=f"invitation:{invitation.public_id}") as this:
                InvitationLink.objects.create(
                    act=this, invitation=invitation, council_id=invitation.council_id, digest=digest_of(token),
                    made_at=at,
                )  # fmt: skip
            title, body = letter(invitation, token)
            send_mail(title, body, None, [invitation.email])
    except IntegrityError:  # another worker was first
        return 0
    except (OSError, SMTPException, ValueError) as away:  # ValueError: an address nothing can be sent to
        facts = {"invitation": str(invitation.public_id), "error": type(away).__name__}
        log.warning("an invitation was not sent; it is tried again", extra={"facts": facts})
        return 0
    return 1


def letter(invitation, token):
    """(subject, body), in plain text: the same whether or not the address has an account."""
    what = Role.What(invitation.what).label.lower()
    until = timezone.localtime(invitation.expires_at)
    return (
        f"{invitation.council.name} invites you to Banked",
        f"""{invitation.name},

{invitation.invited_by.name} invites you to act for {invitation.council.name} in Banked, the ledger of
services that councils share, as its {what}.

Open this link to accept. You choose a password there, or use the account you have:

{settings.SITE_URL}{reverse("savings:join", args=[token])}

The link is for you only and can be used once, until {until:%-d %B %Y}.

If you did not expect this, you need do nothing.
""",
    )
