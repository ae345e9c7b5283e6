"""What an insider tried on deputies, links, letters, readings and claims elsewhere, and what no longer works."""

import datetime
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.utils import DatabaseError

from councils.acts import act
from councils.models import Role
from councils.refusals import Refused
from councils.years import FinancialYear
from partnerships.models import Service, Vehicle
from savings.actions import confirmations, cover, decision, entries, letters, quality, schemes
from savings.links import opened
from savings.models import ClosingDays, ConfirmationRequest, Contact, Cover, Decision, DisputeOutcome
from savings.models.typed import BenefitClass, Kind, Recurrence, Series
from tests.cast import NOW
from tests.database import as_role
from tests.factories import a_file, acting, an_entry, found_together
from tests.savings.confirming import Q4, ask, give_contact

from .test_every_address import addresses, filled, planted
from .test_one_person import give

DAY = datetime.date


def asked(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def deputise(cast, deputy="gwen"):
    with acting(cast.people["ben"]) as how:
        return cover.name_deputy(
            **how, council=cast.councils["NFD"], covered=cast.people["ben"], deputy=cast.people[deputy],
            what="finance_lead", starts_on=DAY(2026, 6, 15), until=DAY(2026, 7, 30), reason="Leave",
        )  # fmt: skip


# Approving one's own work


def test_nobody_makes_their_own_role_last_longer(cast):
    ben, council = cast.people["ben"], cast.councils["NFD"]
    with as_role("worker"):
        held = Role.objects.get(person=ben)
    give(ben, council, held.what, replaces=held, ends_on=DAY(2026, 6, 20))
    for dates in ({"ends_on": None}, {"ends_on": DAY(2026, 6, 21)}, {"starts_on": DAY(2019, 1, 1)}):
        with acting(ben) as how, pytest.raises(DatabaseError, match="to themselves"), transaction.atomic():
            now = Role.objects.get(person=ben, replaced_by=None)
            with act(**how, verb="prolonged") as this:
                fields = {"starts_on": now.starts_on, "ends_on": now.ends_on, **dates}
                Role.objects.create(act=this, person=ben, council=council, what=now.what, replaces=now, **fields)


def test_a_role_of_ones_own_may_be_given_up(cast):
    ben = cast.people["ben"]
    with acting(ben) as how, act(**how, verb="gave up", reason="Another lead begins tomorrow.") as this:
        held = Role.objects.get(person=ben)
        Role.objects.create(
            act=this, person=ben, council=held.council, what=held.what, starts_on=held.starts_on,
            ends_on=DAY(2026, 6, 16), replaces=held,
        )  # fmt: skip


def test_ending_a_cover_but_not_its_role_frees_no_deputy(cast):
    given, council = deputise(cast), cast.councils["NFD"]
    entry = an_entry(cast, by="ben", files=[a_file()], ledger_code="R1", reduction_pence=5_000_00)
    with acting(cast.people["ben"]) as how, act(**how, verb="ended") as this:
        Cover.objects.create(
            act=this, council=council, covered=given.covered, deputy=given.deputy, what=given.what,
            starts_on=given.starts_on, ends_on=given.starts_on, reason="Back", named_by=cast.people["ben"],
            replaces=given,
        )  # fmt: skip
    with acting(cast.people["gwen"]) as how, pytest.raises(Refused, match="stand in for"):
        decision.sign_off(entry=entry, **how)
    with as_role("worker"):
        assert not Decision.objects.exists()


def test_a_deputy_does_not_dismiss_what_is_said_of_the_absent_persons_claim(cast):
    deputise(cast)
    entry = an_entry(cast, by="ben")
    with acting(cast.people["asha"]) as how:
        bad = quality.read(
            **how, indicator=cast.schemes["REV-01"].indicator, council=cast.councils["NFD"],
            quarter=FinancialYear(2025).quarters[0], value=Decimal(30), source="Report",
        )  # fmt: skip
    with acting(cast.people["gwen"]) as how, pytest.raises(Refused, match="stand in for"):
        quality.decide(**how, reading=bad, scheme=entry.scheme, outcome="dismissed", reason="Fine by me")
    with as_role("worker"):
        assert not DisputeOutcome.objects.exists()


@pytest.mark.parametrize(("by", "refused"), [("asha", True), ("ben", False)])
def test_who_recorded_a_claim_does_not_put_right_the_reading_that_disputes_it(cast, by, refused):
    an_entry(cast)
    reading = {
        "indicator": cast.schemes["REV-01"].indicator, "council": cast.councils["NFD"],
        "quarter": FinancialYear(2025).quarters[0], "source": "Report",
    }  # fmt: skip
    with acting(cast.people["asha"]) as how:
        bad = quality.read(**how, **reading, value=Decimal(30))
    right = {"reading": bad, "value": Decimal(22), "source": "Report", "reason": "A month was counted twice"}
    with acting(cast.people[by]) as how:
        if refused:
            with pytest.raises(Refused, match="somebody else puts"):
                quality.correct(**how, **right)
        else:
            quality.correct(**how, **right)
    with as_role("worker"):
        assert DisputeOutcome.objects.exists() is not refused


def test_the_application_writes_nothing_in_the_products_name(cast):
    ben = cast.people["ben"]
    with acting(ben), pytest.raises(DatabaseError, match="in the name of the product"), transaction.atomic():
        ((system,),) = asked("SELECT id FROM councils_person WHERE system")
        asked("SELECT scope_open(%s, %s)", system, NOW.date())
        ((this,),) = asked("SELECT act_open(gen_random_uuid(), %s, 'appointed', '', '', '', %s)", system, NOW)
        asked("SELECT scope_open(%s, %s)", ben.pk, NOW.date())
        Role.objects.create(
            act_id=this, person=ben, council=cast.councils["NFD"], what="auditor", starts_on=DAY(2020, 1, 1)
        )
        asked("SELECT act_seal(%s, false, false)", this)


def test_who_recorded_does_not_confirm_as_a_contact(cast):
    an_entry(cast, by="asha")
    give_contact(cast, name="A. Rao", email="asha@example.org")
    request = ask(cast)
    with as_role("worker"):
        letters.write_due(at=NOW)
    token = mail.outbox[-1].body.split("/confirm/")[1].split("/")[0]
    with opened(letters.digest_of(token), at=NOW) as found, pytest.raises(Refused, match="[Nn]obody confirms"):
        line = request.lines.get()
        confirmations.answer(
            request=request, said={line.pk: confirmations.Said("agreed")}, without_sharing="none", by=found.person,
            at=NOW, link=found.link,
        )  # fmt: skip


# Other councils' rows


def test_claims_elsewhere_are_not_fished_for(cast):
    """Dev asks about Northford with an amount of his own and a tolerance as wide as the world."""
    entry = an_entry(cast)
    other = elsewhere(cast)
    ask_about = "SELECT pence FROM claims_elsewhere(%s, 2025, %s, %s, %s, %s, %s, %s, %s)"

    def near(pence, bps=10_000, tolerance=10**15, who="dev"):
        with acting(cast.people[who]):
            return asked(
                ask_about, cast.partnership.pk, [entry.pk], [cast.councils["NFD"].pk], ["revenues"],
                [entry.scheme_id], [pence], bps, tolerance,
            )  # fmt: skip

    assert near(1) == []
    assert near(other.amount_pence, 100, 100_000) == []  # guessed, and still not a line of this partnership
    assert near(entry.amount_pence) == []  # its own amount, but nobody says how near is near
    assert near(1, who="asha") == []


def elsewhere(cast):
    """£90,000 that Northford claims for the same service in a partnership with Westvale."""
    with acting(cast.people["ben"], NOW) as how:
        revenues = Service.objects.get(slug="revenues")
        partnership = found_together(
            cast, **how, slug="north-west", name="North and West", started_on=DAY(2021, 4, 1),
            form=Vehicle.Form.JOINT_COMMITTEE, services=[revenues],
            members=[{"council": cast.councils["NFD"], "role": "provider", "host": True, "cost_share_bps": 5_000},
                     {"council": cast.councils["WSV"], "role": "receiver", "cost_share_bps": 5_000}],
        )  # fmt: skip
    with acting(cast.people["ben"], NOW) as how:
        scheme = schemes.propose(
            **how, partnership=partnership, service=revenues, reference="NW-01", title="One team", owner="Head",
            benefit_class=BenefitClass.CASH_RELEASING, recurrence=Recurrence.RECURRING,
        )  # fmt: skip
        return entries.record(
            **how, council=cast.councils["NFD"], partnership=partnership, scheme=scheme, kind=Kind.SAVING,
            benefit_class=BenefitClass.CASH_RELEASING, year=FinancialYear(2025), month=None, amount_pence=90_000_00,
            series=Series.BANKED,
        )  # fmt: skip


#: Functions that run as the owner and that everybody may call: each says only whether, of the scope that is open.
OPEN_TO_ALL = {"has_member", "oldest_waiting_mark"}


def test_what_runs_as_the_owner_is_closed_to_all_but_those_it_is_for(db):
    with as_role("owner"):
        found = asked(
            """SELECT proname, proconfig @> '{"search_path=public, pg_temp"}',
                      prorettype <> 'trigger'::regtype AND has_function_privilege('public', oid, 'execute')
               FROM pg_proc WHERE prosecdef AND pronamespace IN ('public'::regnamespace, 'as_at'::regnamespace)"""
        )
    assert [name for name, fixed, _ in found if not fixed] == []
    assert {name for name, _, everybody in found if everybody} == OPEN_TO_ALL


# Letters


def test_an_address_that_nothing_can_be_sent_to_is_refused(cast):
    with pytest.raises(Refused, match="not an email address"):
        give_contact(cast, email=f"jo@{'ü' * 60}.de")


def test_an_address_that_cannot_be_sent_to_holds_up_nobody_else(cast):
    an_entry(cast)
    with acting(cast.people["dev"]) as how, act(**how, verb="set contact") as this:
        person = asked("SELECT contact_person('x', 'Jo', %s)", cast.councils["STM"].pk)[0][0]
        Contact.objects.create(
            act=this, partnership=cast.partnership, council=cast.councils["STM"], person_id=person, name="Jo",
            email=f"jo@{'ü' * 60}.de", set_by=cast.people["dev"], set_at=NOW,
        )  # fmt: skip
    give_contact(cast, email="max@example.net")
    ask(cast)
    with as_role("worker"):
        assert letters.write_due(at=NOW) == 1
    assert mail.outbox[-1].to == ["max@example.net"]


def test_a_member_is_not_flooded_with_letters(cast):
    an_entry(cast)
    give_contact(cast)
    for _ in range(5):
        ask(cast)
    with pytest.raises(Refused, match="at most 5 times a day"):
        ask(cast)
    ask(cast, at=NOW + datetime.timedelta(days=1, minutes=1))
    with as_role("worker"):
        assert ConfirmationRequest.objects.count() == 6


def test_nobody_has_letters_sent_to_a_street_of_addresses(cast):
    for number in range(20):
        give_contact(cast, email=f"jo{number}@example.net")
    with pytest.raises(Refused, match="at most 20 contacts a day"):
        give_contact(cast, email="jo@example.net")


def test_signing_off_a_return_does_not_depend_on_whether_anybody_was_asked(cast):
    an_entry(cast, month=12)
    give_contact(cast)
    for _ in range(5):
        ask(cast)
    an_entry(cast, month=11)
    with acting(cast.people["ben"]) as how:
        confirmations.ask_after_return(
            partnership=cast.partnership, council=cast.councils["NFD"], quarter=Q4, **how
        )  # fmt: skip
    with as_role("worker"):
        assert ConfirmationRequest.objects.count() == 5


@pytest.mark.parametrize("name", ["Jo\nBcc: x@example.net", "Jo\r\nX: y", "Jo \u202e", "Jo\u200b"])
def test_a_contact_is_called_what_can_be_seen(cast, sign_in, name):
    page = sign_in("dev").post("/confirmations/contacts/north-south/", {"name": name, "email": "jo@example.net"})
    assert page.status_code == 200
    with acting(cast.people["dev"]):
        assert not Contact.objects.exists()


# Ids


def test_nobody_chooses_the_id_by_which_the_latest_is_told(cast):
    with acting(cast.people["ben"]) as how, pytest.raises(DatabaseError, match="cannot insert a non-DEFAULT value"):
        with transaction.atomic(), act(**how, verb="set") as this:
            ClosingDays.objects.create(
                id=2**62, act=this, council=cast.councils["NFD"], record_days=1, submit_days=2, sign_off_days=3,
                close_days=4, reason="For ever", set_by=cast.people["ben"], set_at=NOW,
            )  # fmt: skip


# Pages

NARROWING = (
    "council partnership year quarter scheme search like from change correct copy then standing mine amount seen"
)
ODD = "&".join([f"{name}=%00" for name in NARROWING.split()] + ["sort=act__person__user__password", "page=999999"])


TAKEN_AWAY = {"savings:document", "savings:report-file", "readyz"}  # files, and what asks the servers


def read_by(client, cast, query=""):
    theirs, routes = planted(cast), dict(addresses())
    for name, route in routes.items():
        if (name in theirs or "<" not in route) and not route.startswith("accounts/") and name not in TAKEN_AWAY:
            yield name, client.get(filled(route, theirs.get(name, {})) + query).status_code


def test_no_page_breaks_on_what_an_address_may_hold(cast, sign_in):
    client = sign_in("ben")
    client.raise_request_exception = False
    assert [found for found in read_by(client, cast, f"?{ODD}") if found[1] >= 500] == []


#: What reading writes by design: the access stream, moments resolved, and what the framework keeps of a session.
WRITTEN_BY_READING = {"councils_act", "councils_event", "councils_moment", "django_session"}


def rows_there():
    with as_role("worker"):
        tables = [name for (name,) in asked(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ) if name not in WRITTEN_BY_READING]  # fmt: skip
        # sorted here: PostgreSQL may count several tables at once, and says them in whatever order they end
        return sorted(asked(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables)))


@pytest.mark.parametrize("name", ["ben", "farah", "gwen"])
def test_reading_writes_nothing(cast, sign_in, name):
    client, before = sign_in(name), None
    for _ in read_by(client, cast):
        before = before or rows_there()  # once what is read has been planted
    assert rows_there() == before
