"""What the members of Five Rivers say of each other's claims: one quarter agreed, one that ran out, one that waits."""

from datetime import timedelta

from savings.actions import confirmations, contacts
from savings.actions.confirmations import Said

from .councils import EASTMERE, MILLHAVEN, NORTHFORD, STONEBECK
from .deeds import Deed
from .people import LEAD

SLUG = "five-rivers-revenues"
#: Who asked whom, the day of June of year 3 on which they agreed, and how much they say would have happened anyway.
ANSWERS = (
    (NORTHFORD, MILLHAVEN, 16, "under_quarter"),
    (NORTHFORD, STONEBECK, 17, "under_quarter"),
    (NORTHFORD, EASTMERE, 22, "quarter_to_half"),
    (MILLHAVEN, NORTHFORD, 18, "under_quarter"),
)


def deeds_of_confirming(dates):
    """Everybody was asked about the end of year 2 and agreed; about the first half of year 4, and nobody answered; and
    about the end of year 4 a few days before the story is told, which a contact has a link for."""
    agreed_on = dates.year(2).quarters[3]
    for asker, council, day, without in ANSWERS:
        yield Deed(dates.day(3, 6, 10), (LEAD, asker), _ask(council, agreed_on))
        yield Deed(dates.day(3, 6, day), (LEAD, council), _agree(council, agreed_on, without))
    yield Deed(dates.day(4, 11, 18), (LEAD, NORTHFORD), _ask(STONEBECK, dates.year(4).quarters[1]))
    lately = dates.today - timedelta(days=6)
    yield Deed(lately - timedelta(days=1), (LEAD, STONEBECK), _name_contact)
    yield Deed(lately, (LEAD, NORTHFORD), _ask(STONEBECK, dates.year(4).quarters[2]))


def _ask(council, quarter):
    def ask(world, by, at):
        confirmations.ask(
            partnership=world.partnerships[SLUG], council=world.councils[council], quarter=quarter, by=by, at=at
        )

    return ask


def _agree(council, quarter, without):
    def agree(world, by, at):
        asked = confirmations.latest(world.partnerships[SLUG], world.councils[council], quarter)
        said = {line.pk: Said("agreed") for line in asked.lines.all()}
        confirmations.answer(request=asked, said=said, without_sharing=without, by=by, at=at)

    return agree


def _name_contact(world, by, at):
    contacts.set_contact(
        partnership=world.partnerships[SLUG], council=world.councils[STONEBECK], name="Anita Desai",
        email="anita.desai@stonebeck.example", by=by, at=at,
    )  # fmt: skip
