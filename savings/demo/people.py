"""Who works for the six councils, and what each may do."""

from typing import NamedTuple

from councils.models import Person, Role

from .councils import ALDERSHIRE, COUNCILS, EASTMERE, MILLHAVEN, NORTHFORD, STONEBECK, WESTHOLME

OFFICER, LEAD = Role.What.FINANCE_OFFICER, Role.What.FINANCE_LEAD
CHIEF, AUDITOR, VIEWER = Role.What.CHIEF_EXECUTIVE, Role.What.AUDITOR, Role.What.VIEWER
ADMINISTRATOR = Role.What.ADMINISTRATOR
SUPPORT_DOMAIN = "banked.example"


class Cast(NamedTuple):
    name: str
    what: str
    council: str | None  # code

    @property
    def email(self):
        domain = next((one.domain for one in COUNCILS if one.code == self.council), SUPPORT_DOMAIN)
        return f"{self.name.lower().replace(' ', '.')}@{domain}"


PEOPLE = [
    Cast("Priya Nair", OFFICER, NORTHFORD),
    Cast("Thomas Adeyemi", LEAD, NORTHFORD),
    Cast("Margaret Hollis", CHIEF, NORTHFORD),
    Cast("Owen Pritchard", AUDITOR, NORTHFORD),
    Cast("Leila Haddad", VIEWER, NORTHFORD),
    Cast("Daniel Okafor", OFFICER, ALDERSHIRE),
    Cast("Ruth Castell", LEAD, ALDERSHIRE),
    Cast("Helen Marsh", CHIEF, ALDERSHIRE),
    Cast("Hannah Brook", OFFICER, MILLHAVEN),
    Cast("Imran Siddiqui", LEAD, MILLHAVEN),
    Cast("George Whitlock", OFFICER, STONEBECK),
    Cast("Fiona Macrae", LEAD, STONEBECK),
    Cast("Sunita Rao", OFFICER, EASTMERE),
    Cast("Peter Lindqvist", LEAD, EASTMERE),
    Cast("Chloe Bennett", OFFICER, WESTHOLME),
    Cast("Marcus Webb", LEAD, WESTHOLME),
    Cast("Nadia Rahman", ADMINISTRATOR, None),
]
DOMAINS = {SUPPORT_DOMAIN, *(one.domain for one in COUNCILS)}


def of(what, council):
    """The one member of the cast with that role for that council (a code; None for the administrator)."""
    return next(one for one in PEOPLE if (one.what, one.council) == (what, council))


def add_persons():
    """Everybody as a `Person`, by email; accounts are made by `sign_ins`."""
    return {one.email: Person.objects.create(name=one.name) for one in PEOPLE}


def appoint(this, persons, councils, *, starts_on, administrator):
    """Give the administrator's role, or everybody else's, within the act `this`."""
    for one in PEOPLE:
        if (one.council is None) == administrator:
            Role.objects.create(
                act=this,
                person=persons[one.email],
                council=councils.get(one.council),
                what=one.what,
                starts_on=starts_on,
            )
