"""The standing cast: two councils in one partnership, a third elsewhere, and the people who work for them.

Northford hosts and provides, Southmere receives. Asha records for Northford and Ben is its finance lead; Dev is
Southmere's; Cleo leads the finances of Westvale, which has nothing to do with either. It is put into the template
database once, by the same actions as people use.
"""

import datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from councils.acts import act
from councils.models import Council, Person, Role, User
from councils.scope import scope
from partnerships import actions as arrangement
from partnerships import offering
from partnerships.models import MembershipOffer, Partnership, Service, Vehicle
from savings.actions import quality, schemes
from savings.models import Scheme
from savings.models.typed import BenefitClass, Recurrence

LONDON = ZoneInfo("Europe/London")
FOUNDED = datetime.datetime(2021, 3, 1, 9, tzinfo=LONDON)
NOW = datetime.datetime(2026, 6, 15, 10, tzinfo=LONDON)
PASSWORD = "a password for tests"

COUNCILS = {
    "NFD": ("Northford Council", Council.Kind.UNITARY),
    "STM": ("Southmere Council", Council.Kind.UNITARY),
    "WSV": ("Westvale Council", Council.Kind.UNITARY),
}
PEOPLE = {
    "asha": ("Asha Rao", "NFD", Role.What.FINANCE_OFFICER),
    "ben": ("Ben Carter", "NFD", Role.What.FINANCE_LEAD),
    "erin": ("Erin Shaw", "NFD", Role.What.CHIEF_EXECUTIVE),
    "farah": ("Farah Aziz", "NFD", Role.What.AUDITOR),
    "gwen": ("Gwen Pryce", "NFD", Role.What.VIEWER),
    "omar": ("Omar Haddad", "STM", Role.What.FINANCE_OFFICER),
    "dev": ("Dev Patel", "STM", Role.What.FINANCE_LEAD),
    "cleo": ("Cleo Marsh", "WSV", Role.What.FINANCE_LEAD),
    "ada": ("Ada Lund", None, Role.What.ADMINISTRATOR),
}


class Cast(NamedTuple):
    """Everybody and everything by a short name: `cast.people["asha"]`, `cast.councils["NFD"]`."""

    people: dict[str, Person]
    users: dict[str, User]
    councils: dict[str, Council]
    partnership: Partnership
    schemes: dict[str, Scheme]


def email_of(name):
    return f"{name}@example.org"


def people_the_template():
    system = Person.objects.get(system=True)
    with act(by=system, at=FOUNDED, verb="loaded", subject="the tests' cast", register=True) as this:
        councils = {
            code: Council.objects.create(
                act=this, code=code, name=name, short_name=name.split()[0], slug=name.split()[0].lower(), kind=kind,
                nation="England", region="South West", started_on=datetime.date(2009, 4, 1), invented=True,
            )
            for code, (name, kind) in COUNCILS.items()
        }  # fmt: skip
        services = {
            slug: Service.objects.create(act=this, slug=slug, name=name, outturn_line="central_services", office="back")
            for slug, name in {"revenues": "Council tax collection", "ict": "Information technology"}.items()
        }
        people = {}
        for key, (name, code, what) in PEOPLE.items():
            people[key] = Person.objects.create(name=name)
            User.objects.create_user(email=email_of(key), password=PASSWORD, person=people[key])
            Role.objects.create(
                act=this, person=people[key], council=councils.get(code), what=what,
                starts_on=datetime.date(2020, 4, 1),
            )  # fmt: skip
    with scope(person_id=people["ben"].pk, on=FOUNDED.date()):
        partnership = arrangement.found(
            by=people["ben"], at=FOUNDED, slug="north-south", name="North and South Revenues",
            started_on=datetime.date(2021, 4, 1), form=Vehicle.Form.JOINT_COMMITTEE, services=list(services.values()),
            members=[
                {"council": councils["NFD"], "role": "provider", "host": True, "cost_share_bps": 6_000},
                {"council": councils["STM"], "role": "receiver", "cost_share_bps": 4_000},
            ],
        )  # fmt: skip
    with scope(person_id=people["dev"].pk, on=FOUNDED.date()):
        offering.accept(offer=MembershipOffer.objects.get(), by=people["dev"], at=FOUNDED)
    with scope(person_id=people["ben"].pk, on=FOUNDED.date()):
        days = quality.agree(
            by=people["ben"], at=FOUNDED, partnership=partnership, name="Days to process a claim", unit="days",
            higher_is_better=False, baseline=Decimal(21), tolerance=Decimal(4),
        )  # fmt: skip
        for reference, title, service in (
            ("REV-01", "One revenues manager in place of two", "revenues"),
            ("ICT-01", "One contract for the revenues system", "ict"),
        ):
            schemes.propose(
                by=people["ben"], at=FOUNDED, partnership=partnership, service=services[service], reference=reference,
                title=title, owner="Head of revenues", benefit_class=BenefitClass.CASH_RELEASING,
                recurrence=Recurrence.RECURRING, indicator=days,
            )  # fmt: skip


def find_cast():
    """The cast as it stands in this database; call as a role that sees everything."""
    users = {key: User.objects.select_related("person").get(email=email_of(key)) for key in PEOPLE}
    partnership = Partnership.objects.get(slug="north-south")
    return Cast(
        people={key: user.person for key, user in users.items()},
        users=users,
        councils={council.code: council for council in Council.objects.filter(code__in=COUNCILS)},
        partnership=partnership,
        schemes={
            scheme.reference: scheme
            for scheme in Scheme.objects.select_related("indicator").filter(partnership=partnership)
        },
    )
