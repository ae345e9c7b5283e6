"""The letters that ask for confirmation, written by the worker: one at once, and reminders after ten and twenty days.

Each letter carries a link of its own, because only the digest of a link is kept and so an old one cannot be sent again;
the newest of a contact works and those before it say so.
"""

import hashlib
import logging
import secrets
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from councils.acts import act
from councils.models import Person
from councils.money import pounds
from councils.years import Quarter
from savings.confirmation_page import claims
from savings.models import ConfirmationLink, ConfirmationRequest, Contact

REMINDED_AFTER = (timedelta(days=10), timedelta(days=20))
log = logging.getLogger(__name__)


def digest_of(token):
    """SHA-256 of a link's token, hexadecimal. The token is 256 random bits, so no salt or slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def write_due(*, at):
    """Send every letter that is due at the moment `at` and was not sent; returns how many went. As the worker only.

    Safe to run twice and at once: the link's row is unique and stands before its letter goes. A letter that cannot be
    sent takes its link back with it and is tried again.
    """
    sent = 0
    for request in open_requests(at):
        nth = sum(at >= request.asked_at + wait for wait in REMINDED_AFTER)
        written = ConfirmationLink.objects.filter(request=request, contact=OuterRef("pk"), nth__gte=nth)
        contacts = Contact.objects.filter(
            ~Exists(written), partnership=request.partnership_id, council=request.council_id, ended=False,
            replaced_by__isnull=True,
        )  # fmt: skip
        for contact in contacts.order_by("pk"):
            sent += _write(request, contact, nth, at)
    return sent


def open_requests(at):
    """Requests that still wait for an answer at the moment `at`, oldest first."""
    key = {name: OuterRef(name) for name in ("partnership", "council", "quarter")}
    later = ConfirmationRequest.objects.filter(**key, pk__gt=OuterRef("pk"))
    return (
        ConfirmationRequest.objects.filter(
            ~Exists(later), answered__isnull=True, revoked__isnull=True, expires_at__gt=at
        )
        .select_related("partnership", "council", "asked_by")
        .order_by("pk")
    )


def _write(request, contact, nth, at):
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            system = Person.objects.get(system=True)
            with act(
                by=system, at=at, verb="sent confirmation link", subject=f"confirmation:{request.public_id}"
            ) as this:
                ConfirmationLink.objects.create(
                    act=this, request=request, partnership_id=request.partnership_id, council_id=request.council_id,
                    contact=contact, nth=nth, digest=digest_of(token), made_at=at,
                )  # fmt: skip
            title, body = letter(request, contact, nth, token)
            send_mail(title, body, None, [contact.email])
    except IntegrityError:  # another worker was first, or the contact ended meanwhile
        return 0
    except (OSError, SMTPException, ValueError) as away:  # ValueError: an address nothing can be sent to
        facts = {"request": str(request.public_id), "error": type(away).__name__}
        log.warning("a confirmation letter was not sent; it is tried again", extra={"facts": facts})
        return 0
    return 1


def letter(request, contact, nth, token):
    """(subject, body) of a letter, in plain text."""
    quarter = Quarter.containing(request.quarter)
    lines = list(request.lines.select_related("claimant"))
    claimants = sorted({line.claimant.short_name for line in lines})
    asked = claims(lines)
    amounts = [(asked.savings, "savings"), (asked.costs, "costs"), (asked.income, "income")]
    *most, last = [f"{pounds(pence)} of {what}" for pence, what in amounts if pence] or ["amounts that cancel"]
    said = f"{', '.join(most)} and {last}" if most else last
    good_until = timezone.localtime(request.expires_at)
    subject = f"Do you agree? {request.partnership.name}, {quarter.months_label}"
    if nth:
        subject = f"Reminder: {subject}"
    return (
        subject,
        f"""{contact.name},

{request.asked_by.name} asks {request.council.name} to say whether it agrees with what the other
members of {request.partnership.name} have banked for {quarter.months_label}: {" and ".join(claimants)},
{said} in {len(lines)} line{"" if len(lines) == 1 else "s"}.

It takes two minutes and needs no account. You can agree, state another amount, or dispute:

{settings.SITE_URL}{reverse("savings:confirm", args=[token])}

The link is for you only and can be used once, until {good_until:%-d %B %Y}.{
            " It takes the place of the one you had before." if nth else ""
        }

If this is not yours to answer, tell the finance lead of {request.council.short_name}, who can name somebody else.
""",
    )
