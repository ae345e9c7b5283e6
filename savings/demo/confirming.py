"""What the members of Five Rivers say of each other's claims: one answered, one that ran out, one that waits."""

from datetime import timedelta

from savings.actions import confirmations, contacts
from savings.actions.confirmations import Said

from .councils import MILLHAVEN, NORTHFORD, STONEBECK
from .deeds import Deed
from .people import LEAD

SLUG = "five-rivers-revenues"


def deeds_of_confirming(dates):
    """Asked about year 2 and answered within a week; about the first half of year 4, and nobody answered; and about the
    end of year 4 a few days before the story is told, which a contact has a link for."""
    yield Deed(dates.day(3, 6, 10), (LEAD, NORTHFORD), _ask(MILLHAVEN, dates.year(2).quarters[3]))
    yield Deed(dates.day(3, 6, 16), (LEAD, MILLHAVEN), _agree(MILLHAVEN, dates.year(2).quarters[3]))
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


def _agree(council, quarter):
    def agree(world, by, at):
        asked = confirmations.latest(world.partnerships[SLUG], world.councils[council], quarter)
        said = {line.pk: Said("agreed") for line in asked.lines.all()}
        confirmations.answer(request=asked, said=said, without_sharing="under_quarter", by=by, at=at)

    return agree


def _name_contact(world, by, at):
    contacts.set_contact(
        partnership=world.partnerships[SLUG], council=world.councils[STONEBECK], name="Anita Desai",
        email="anita.desai@stonebeck.example", by=by, at=at,
    )  # fmt: skip
