"""Makes the demonstration world in one transaction: all of it stands, or none.

It runs as the worker's database role. The first administrator cannot be appointed by anybody who is in, and the
application's role rightly refuses to try; roll-ups are the worker's to write as well. What people do afterwards goes
through the same actions as their pages call, inside each person's own scope. The worker is not held by the policies of
that scope, so tests/savings/test_load_demo.py replays the whole story as the application's role, which is.
"""

from django.db import connection, transaction
from django.utils import timezone

from councils.acts import act
from councils.models import Council, Person
from councils.scope import scope
from partnerships.models import Service

from . import councils, people, reorganisation, sign_ins
from .dates import Dates, moment_on
from .deeds import World
from .parameters import add_release
from .story import PARTNERSHIPS, replay

ONE_AT_A_TIME = 0xDE_40  # advisory lock


def load(*, moment, data_dir):
    """Make the world as it stands at `moment`, unless it is there already; returns whether it was made.

    Raises `sign_ins.RealUsers` in a database of real people. Needs the reference tables.
    """
    with transaction.atomic():
        _wait_for_others()
        sign_ins.refuse_real_users()
        made = not name()
        if made:
            dates = Dates(timezone.localdate(moment))
            world = set_up(dates)
            replay(world, dates, moment)
            sign_ins.make_accounts(sign_ins.credentials(data_dir), world.persons)
        elif not sign_ins.hold_in(data_dir, name()):
            sign_ins.set_passwords(sign_ins.credentials(data_dir))
    sign_ins.note(data_dir, name())
    return made


def name():
    """What tells this world from any other; empty when none is loaded."""
    found = Council.objects.filter(code=councils.NORTHFORD, invented=True).values_list("public_id", flat=True).first()
    return str(found) if found else ""


def lacks_services():
    """Whether the catalogue lacks a service the story needs: the reference tables have to be loaded first."""
    wanted = {service for each in PARTNERSHIPS for service in each.ARRANGEMENT.services}
    return Service.objects.filter(slug__in=wanted).count() < len(wanted)


def set_up(dates):
    """People, councils, roles and the invented deflators: what stands before anybody signs in."""
    begins = dates.day(0, 9, 1)
    product = Person.objects.get(system=True)
    persons = people.add_persons()
    administrator = persons[people.of(people.ADMINISTRATOR, None).email]
    with act(by=product, at=moment_on(begins, 0), verb="appointed", subject="the first administrator") as this:
        people.appoint(this, persons, {}, starts_on=begins, administrator=True)
    with scope(person_id=administrator.pk, on=begins):
        with act(by=administrator, at=moment_on(begins, 1), verb="added", subject="six invented councils") as this:
            added = councils.add(this)
        with act(by=administrator, at=moment_on(begins, 2), verb="appointed", subject="their people") as this:
            people.appoint(this, persons, added, starts_on=begins, administrator=False)
    released = dates.day(4, 3, 30)
    with (
        scope(person_id=administrator.pk, on=released),
        act(by=administrator, at=moment_on(released, 0), verb="loaded", subject="invented deflators") as this,
    ):
        add_release(this, dates)
    with scope(person_id=administrator.pk, on=released):
        reorganisation.draft_surrey(administrator, moment_on(released, 1))
    return World(persons=persons, councils=added, services={one.slug: one for one in Service.objects.all()})


def _wait_for_others():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
