"""Who acts for a council that is no more, and which years a member sees. The wall is asked without any filter."""

import datetime

import pytest
from django.db import connection

from councils.acts import act
from councils.models import Person, Role
from councils.rights import rights_of
from councils.scope import scope
from partnerships.models import BusinessCase, Membership
from savings.actions import schemes
from savings.models import Charge, Decision, Document, Entry, EntryState, Return, Rollup, Scheme, Support
from savings.reporting import rollups
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, a_proven_entry, acting, an_entry, ended, succeed, until

DAY = datetime.date(2026, 4, 1)
BEFORE, AFTER = DAY - datetime.timedelta(days=1), DAY
SEEN = (Entry, EntryState, Decision, Support, Document, Rollup)


@pytest.fixture
def gone(cast):
    """Southmere passed to Westvale and Northford on 1 April 2026."""
    with as_role("worker"):
        succeed(cast, "STM", {"WSV": 6_000, "NFD": 4_000}, on=DAY)


def setting(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [f"banked.{name}"])
        return {int(each) for each in cursor.fetchone()[0].strip("{}").split(",") if each}


def held(cast, name, on):
    """What page and wall each say somebody may do, which is the same: council codes by right."""
    codes = {council.pk: code for code, council in cast.councils.items()}
    with scope(person_id=cast.people[name].pk, on=on):
        rights = rights_of(cast.people[name].pk, on=on)
        assert setting("councils") == rights.councils()
        assert setting("writes") == rights.councils(Role.What.FINANCE_OFFICER, Role.What.FINANCE_LEAD)
        assert setting("leads") == rights.councils(Role.What.FINANCE_LEAD)
        assert setting("audits") == rights.councils(Role.What.AUDITOR)
    return {codes[each] for each in rights.councils(Role.What.FINANCE_LEAD)}


def test_rights_pass_on_the_day(cast, gone):
    assert held(cast, "dev", BEFORE) == {"STM"}
    assert held(cast, "dev", AFTER) == set()
    assert held(cast, "cleo", BEFORE) == {"WSV"}
    assert held(cast, "cleo", AFTER) == {"WSV", "STM"}
    assert held(cast, "ben", AFTER) == {"NFD", "STM"}


def test_rights_come_down_a_line_of_successions(cast, gone):
    with as_role("worker"):
        succeed(cast, "WSV", {"NFD": 10_000}, on=DAY + datetime.timedelta(days=365))
    later = DAY + datetime.timedelta(days=365)
    assert held(cast, "cleo", later) == set()
    assert held(cast, "ben", later) == {"NFD", "STM", "WSV"}
    with acting(cast.people["ben"]):
        rights = rights_of(cast.people["ben"].pk, on=later)
    assert {cast.councils["STM"].pk, cast.councils["WSV"].pk} == set(rights.inherited)


def seen(cast, name, on):
    """How many rows of each kind somebody sees."""
    with scope(person_id=cast.people[name].pk, on=on):
        return {model.__name__: model.objects.count() for model in SEEN}


def years_seen(cast, name, on):
    with scope(person_id=cast.people[name].pk, on=on):
        years = set(Entry.objects.values_list("year", flat=True))
        assert set(Rollup.objects.values_list("year", flat=True)) <= years
        for row in (*Decision.objects.all(), *Support.objects.all()):
            assert row.entry.year in years  # the entry is there to be read
        assert EntryState.objects.count() == Entry.objects.count()
        return years


@pytest.fixture
def three_years(cast):
    """A proven entry of Northford in each of 2022/23, 2024/25 and 2025/26."""
    for number, year in enumerate((2022, 2024, 2025)):
        a_proven_entry(cast, year=year, code=f"R{number}")
    with as_role("worker"):
        rollups.drain()


def test_the_successors_people_see_what_the_predecessor_saw(cast, three_years, gone):
    assert years_seen(cast, "cleo", BEFORE) == set()
    assert years_seen(cast, "cleo", AFTER) == {2022, 2024, 2025}
    assert not any(seen(cast, "dev", AFTER).values())


def test_whoever_left_keeps_their_own_years_for_ever(cast, three_years):
    """Southmere left in the middle of 2024/25: it sees that year and the one before, and not 2025/26."""
    until(cast, datetime.date(2024, 10, 1))
    assert years_seen(cast, "dev", NOW.date()) == {2022, 2024}
    assert years_seen(cast, "ben", NOW.date()) == {2022, 2024, 2025}
    assert seen(cast, "dev", NOW.date())["Document"] == 2


def test_a_notice_given_for_later_hides_nothing_yet(cast, three_years):
    until(cast, datetime.date(2027, 4, 1))
    assert years_seen(cast, "dev", NOW.date()) == {2022, 2024, 2025}


def test_whoever_joins_sees_no_year_before(cast, three_years):
    with acting(cast.people["ben"]) as how:
        arrangement_act(cast, "WSV", datetime.date(2025, 1, 1), **how)
    assert years_seen(cast, "cleo", NOW.date()) == {2024, 2025}
    with acting(cast.people["cleo"]):
        assert Scheme.objects.exists()  # what is agreed is read whole
        assert BusinessCase.objects.count() == 0


def test_their_own_rows_are_always_theirs(cast, three_years):
    """Southmere's own late costs of the year it joined stay in sight, and what it is charged."""
    an_entry(cast, by="omar", council="STM", year=2023)
    until(cast, datetime.date(2024, 4, 1))
    with acting(cast.people["dev"]):
        assert set(Entry.objects.values_list("year", flat=True)) == {2022, 2023}
        assert Charge.objects.count() == 0
        assert Return.objects.count() == 0


def test_what_is_written_after_they_left_is_not_theirs_to_read(cast, three_years):
    until(cast, datetime.date(2024, 10, 1))
    with acting(cast.people["dev"]):
        assert Scheme.objects.count() == 2  # proposed while they were there
    with acting(cast.people["ben"]) as how:
        first = Scheme.objects.first()
        schemes.propose(
            **how, partnership=cast.partnership, service=first.service, reference="NEW-01", title="Only we two",
            owner="Head of revenues", benefit_class="cash_releasing", recurrence="recurring", indicator=first.indicator,
        )  # fmt: skip
    with acting(cast.people["dev"]):
        assert Scheme.objects.count() == 2
    with acting(cast.people["ben"]):
        assert Scheme.objects.count() == 3


def test_the_whole_story_is_seen_when_the_partnership_itself_ended(cast, three_years):
    """Whoever stayed to the end sees the winding up too."""
    ended(cast, datetime.date(2025, 4, 1))
    assert years_seen(cast, "dev", NOW.date()) == {2022, 2024, 2025}


def test_two_memberships_one_after_the_other_see_both(cast, three_years, gone):
    """Southmere until 31 March 2026, Westvale from the next day: one window, with nothing missing."""
    until(cast, DAY)
    with acting(cast.people["ben"]) as how:
        arrangement_act(cast, "WSV", DAY, **how)
    with scope(person_id=cast.people["cleo"].pk, on=NOW.date()):
        assert setting("limited") == set()
    assert years_seen(cast, "cleo", NOW.date()) == {2022, 2024, 2025}


def arrangement_act(cast, code, starts_on, *, by, at):
    """As the product itself: who may admit whom is not what is asked here."""
    system = Person.objects.get(system=True)
    with as_role("worker"), act(by=system, at=at, verb="admitted", subject="partnership:north-south") as this:
        return Membership.objects.create(
            act=this, partnership=cast.partnership, council=cast.councils[code], role="receiver", starts_on=starts_on
        )


def test_with_the_policy_of_years_dropped_the_tests_above_would_notice(cast, three_years):
    """The control."""
    until(cast, datetime.date(2024, 10, 1))
    with as_role("owner"), connection.cursor() as cursor:
        cursor.execute("DROP POLICY sight ON savings_entry")
    with pytest.raises(AssertionError):
        assert years_seen(cast, "dev", NOW.date()) == {2022, 2024}


def test_documents_go_with_what_they_support(cast):
    an_entry(cast, year=2022, files=[a_file(name="Old.pdf", content=b"%PDF-1.4\nold\n%%EOF\n")])
    an_entry(cast, year=2025, scheme="ICT-01", files=[a_file(name="New.pdf", content=b"%PDF-1.4\nnew\n%%EOF\n")])
    until(cast, datetime.date(2024, 10, 1))
    with acting(cast.people["dev"]):
        assert [document.title for document in Document.objects.all()] == ["Old.pdf"]
