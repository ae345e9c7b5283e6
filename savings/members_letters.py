"""Letters to the finance leads who are asked to join, to agree to a change, or have to know that a member leaves.

Rows say who was written to, once for each thing, and are sent as `savings.posting` sends mails. What was answered
before its letter went is not written about.
"""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from councils.holders import holders
from councils.models import User
from councils.rights import LEAD
from partnerships.changing import members_with_a_say
from partnerships.models import Change, LeavingNotice, Membership, MembershipOffer
from savings import posting
from savings.models import MembersLetter, ReminderChoice

SINCE = datetime.timedelta(days=60)  # what has waited longer is old news, and stands on the start page
What = MembersLetter.What


class Said(NamedTuple):
    """What a letter says, about whom to which people."""

    what: str
    people: set[int]
    subject: str
    sentence: str
    path: str


def write_due(now: datetime.datetime) -> int:
    """Note who is to be written to, and try every letter whose turn it is; returns how many went. As the worker."""
    said = dict(_said(now))
    MembersLetter.objects.bulk_create(
        (
            MembersLetter(person_id=person, what=each.what, about=about, try_after=now)
            for about, each in said.items()
            for person in sorted(each.people)
        ),
        ignore_conflicts=True,
    )
    turns = posting.waiting(MembersLetter, now)

    def write(letter: MembersLetter) -> EmailMessage | None:
        each = said.get(letter.about)
        user = User.objects.filter(person=letter.person_id, is_active=True).select_related("person").first()
        return _message(letter, each, user) if each and user and letter.person_id in each.people else None

    return sum(posting.post(MembersLetter, pk, now, write) for pk in turns)


def _said(now):
    """(public id, `Said`) of everything that waits at `now`, without those who want no mail."""
    leads = {council: people for (council, what), people in holders(timezone.localdate(now)).items() if what == LEAD}
    latest = ReminderChoice.objects.order_by("person_id", "-pk").distinct("person_id")
    unwilling = {each.person_id for each in latest if not each.wanted}
    for row, each in (*_offers(now, leads), *_changes(now, leads), *_notices(now, leads)):
        yield row.public_id, each._replace(people=each.people - unwilling)


def _offers(now, leads) -> Iterator[tuple[MembershipOffer, Said]]:
    rows = MembershipOffer.objects.waiting().filter(offered_at__gt=now - SINCE)
    for row in rows.select_related("partnership", "council", "offering"):
        name = row.partnership.name
        yield (
            row,
            Said(
                What.OFFER,
                leads.get(row.council_id, set()) - {row.offered_by_id},
                f"{row.council.short_name} is asked to join {name}",
                f"{row.offering.name} asks {row.council.name} to join {name} from {row.starts_on:%-d %B %Y}. Until you "
                "accept, your council is no member. Read the terms, then accept or decline:",
                row.get_absolute_url(),
            ),
        )


def _changes(now, leads) -> Iterator[tuple[Change, Said]]:
    rows = Change.objects.waiting().filter(proposed_at__gt=now - SINCE).prefetch_related("answers")
    for row in rows.select_related("partnership", "proposing"):
        answered = {answer.council_id for answer in row.answers.all()}
        asked = {each.council_id for each in members_with_a_say(row.partnership, timezone.localdate(now))} - answered
        about = row.get_kind_display()
        yield (
            row,
            Said(
                What.CHANGE,
                _of(asked, leads),
                f"Your council is asked to agree to a change in {row.partnership.name}",
                f"{row.proposing.name} proposes a change in {row.partnership.name} from {row.starts_on:%-d %B %Y}: "
                f"{about[0].lower()}{about[1:]}. It comes about only when every member has agreed. Read it, "
                "then answer:",
                row.get_absolute_url(),
            ),
        )


def _notices(now, leads) -> Iterator[tuple[LeavingNotice, Said]]:
    today = timezone.localdate(now)
    rows = LeavingNotice.objects.standing().filter(given_at__gt=now - SINCE, leaves_on__gt=today)
    for row in rows.select_related("partnership", "council"):
        members = Membership.objects.on(today).filter(partnership=row.partnership_id)
        others = set(members.values_list("council_id", flat=True)) - {row.council_id}
        yield (
            row,
            Said(
                What.NOTICE,
                _of(others, leads) - {row.given_by_id},
                f"{row.council.short_name} leaves {row.partnership.name}",
                f"{row.council.name} gave notice: it leaves {row.partnership.name} on {row.leaves_on:%-d %B %Y}. See "
                "what that is expected to cost, and what becomes of the promise:",
                reverse("partnerships:members", args=[row.partnership.slug]),
            ),
        )


def _of(councils, leads):
    return set().union(*(leads.get(each, set()) for each in councils))


def _message(letter, said, user):
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return EmailMessage(
        subject=f"Banked: {said.subject}",
        body=f"Hello {user.person.name},\n\n{said.sentence}\n{settings.SITE_URL}{said.path}\n\n"
        f"If you do not want these e-mails: {settings.SITE_URL}{reverse('savings:reminders')}\n",
        to=[user.email],
        headers={"Message-ID": f"<{letter.what}-{letter.about}-{letter.person_id}@{host}>"},
    )
