"""Councils asked to join: Westholme declined Five Rivers in year 3, and has an offer of Aldershire Waste that waits.

And somebody whom Stonebeck's lead has invited, who has not come in yet.
"""

from datetime import timedelta

from partnerships import offering
from savings.actions import invitations

from .councils import MILLHAVEN, NORTHFORD, STONEBECK, WESTHOLME
from .dates import CURRENT
from .deeds import Deed
from .people import LEAD, VIEWER

FIVE_RIVERS, WASTE = "five-rivers-revenues", "aldershire-waste"
DECLINED = "Our revenues contract runs for two more years. Ask us again when it is due."
SHARES = "The shares are settled among all members before your first day, so none are named here."


def deeds_of_inviting(dates):
    """Asked and declined within a month; then asked again, elsewhere, five days before the story is told."""
    asked = dates.day(3, 10, 5)
    yield Deed(asked, (LEAD, NORTHFORD), _ask(FIVE_RIVERS, NORTHFORD, dates.day(4, 4, 1), ""))
    yield Deed(asked + timedelta(days=24), (LEAD, WESTHOLME), _decline)
    yield Deed(dates.today - timedelta(days=2), (LEAD, STONEBECK), _invite)
    yield Deed(
        dates.today - timedelta(days=5), (LEAD, MILLHAVEN), _ask(WASTE, MILLHAVEN, dates.day(CURRENT + 1, 4, 1), SHARES)
    )


def _ask(slug, offering_council, starts_on, message):
    def ask(world, by, at):
        offering.offer(
            partnership=world.partnerships[slug], offering=world.councils[offering_council],
            council=world.councils[WESTHOLME], role="receiver", starts_on=starts_on, message=message, by=by, at=at,
        )  # fmt: skip

    return ask


def _invite(world, by, at):
    """Somebody who has not come in yet: the letter with the link is among those the demonstration has sent."""
    invitations.invite(
        council=world.councils[STONEBECK], name="Meera Joshi", email="meera.joshi@stonebeck.example", by=by, at=at,
        what=VIEWER,
    )  # fmt: skip


def _decline(world, by, at):
    asked = world.partnerships[FIVE_RIVERS].offers.waiting().select_related("council")
    offering.decline(offer=asked.get(council=world.councils[WESTHOLME]), reason=DECLINED, by=by, at=at)
