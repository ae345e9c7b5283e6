"""Who may invite whom and who may end which role, through the actions and by SQL round them."""

import datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from councils.acts import act
from councils.models import Council, Invitation, InvitationOutcome, Role, User
from councils.refusals import Refused
from councils.rights import rights_of
from savings.actions import cover, invitations, roles
from savings.actions.letters import digest_of
from savings.invitation_links import opened
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, succeed
from tests.savings.joining import invite, letter_sent

TODAY, DAY = NOW.date(), datetime.timedelta(days=1)
PASSWORD = "thirteen brown otters"


def rights(person_id, *, on):
    with as_role("worker"):
        return rights_of(person_id, on=on)


@pytest.fixture
def newton(cast):
    """A council with nobody in it."""
    with as_role("worker"), act(by=cast.people["ada"], at=NOW, verb="added", register=True) as this:
        made = Council.objects.create(
            act=this, code="NTN", name="Newton Council", short_name="Newton", slug="newton", kind="unitary",
            nation="England", invented=True,
        )  # fmt: skip
    cast.councils["NTN"] = made
    return made


def accept(token, *, at=NOW, **more):
    with opened(digest_of(token), at=at) as found:
        if found.state != "open":
            return found.state
        given = {"name": "Nia Moss", "password": PASSWORD} if "person_id" not in more else {}
        return invitations.accept(at=at, digest=digest_of(token), invited=found, **given, **more)


def test_somebody_new_takes_the_role_they_were_invited_to_until_its_end(cast):
    invite(cast, ends_on=TODAY + 30 * DAY)
    taker = accept(letter_sent())
    with as_role("worker"):
        role, user = Role.objects.get(person=taker), User.objects.get(person=taker)
        assert (role.council.code, role.what, role.starts_on, role.ends_on) == (
            "NFD", "finance_officer", TODAY, TODAY + 30 * DAY
        )  # fmt: skip
        assert role.act.person_id == taker
        assert user.email == "nia@example.net"
        assert user.check_password(PASSWORD)
    assert rights(taker, on=TODAY).may_record(cast.councils["NFD"].pk)
    assert not rights(taker, on=TODAY + 30 * DAY).held


def test_it_is_used_once(cast):
    invite(cast)
    token = letter_sent()
    accept(token)
    assert accept(token) == "accepted"


def test_with_an_account_the_role_is_added_to_it_and_to_nobody_elses(cast):
    invite(cast, email="cleo@example.org")
    token = letter_sent()
    with pytest.raises(Refused, match="somebody else"):
        accept(token, person_id=cast.people["dev"].pk)
    with pytest.raises(Refused, match="Sign in"):
        accept(token)
    cleo = cast.people["cleo"].pk
    assert accept(token, person_id=cleo) == cleo
    assert rights(cleo, on=TODAY).councils("finance_officer") == {cast.councils["NFD"].pk}
    assert rights(cleo, on=TODAY).councils("finance_lead") == {cast.councils["WSV"].pk}


@pytest.mark.parametrize(
    ("change", "state"),
    [("revoke", "revoked"), ("again", "replaced"), ("late", "expired"), ("end", "over"), ("guess", "unknown")],
)  # fmt: skip
def test_a_link_that_is_not_good_says_why(cast, change, state):
    made = invite(cast)
    token, at = letter_sent(), NOW
    with acting(cast.people["ben"]) as how:
        if change == "revoke":
            invitations.revoke(invitation=made, reason="Not now", **how)
        if change == "again":
            invitations.invite_again(invitation=made, **how)
    if change == "end":
        with as_role("worker"):
            succeed(cast, "NFD", {"WSV": 10_000}, on=TODAY)
    at = NOW + datetime.timedelta(days=14, minutes=1) if change == "late" else NOW
    assert accept("guess" if change == "guess" else token, at=at) == state


def test_sent_again_the_new_link_works(cast):
    made = invite(cast)
    letter_sent()
    with acting(cast.people["ben"]) as how:
        invitations.invite_again(invitation=made, **how)
    assert isinstance(accept(letter_sent()), int)


@pytest.mark.parametrize("who", ["asha", "erin", "farah", "gwen", "cleo", "ada"])
def test_only_the_councils_own_lead_invites(cast, who):
    with pytest.raises(Refused, match="deputy invites nobody"):
        invite(cast, by=who)


def test_a_deputy_invites_nobody(cast):
    with acting(cast.people["ben"]) as how:
        cover.name_deputy(
            council=cast.councils["NFD"], covered=cast.people["ben"], deputy=cast.people["asha"], what="finance_lead",
            starts_on=TODAY, until=TODAY + DAY, reason="Leave", **how,
        )  # fmt: skip
    with pytest.raises(Refused, match="deputy invites nobody"):
        invite(cast, by="asha")
    with pytest.raises(IntegrityError, match="in their own right"), transaction.atomic():
        by_hand(cast, "asha")


def by_hand(cast, who, **fields):
    """An invitation that goes round the action, as the application's role."""
    with acting(cast.people[who]) as how, act(**how, verb="invited somebody") as this:
        given = {
            "council": cast.councils["NFD"], "name": "Nia", "email": "nia@example.net", "what": "viewer",
            "invited_by": cast.people[who], "invited_at": NOW, "expires_at": NOW + 14 * DAY,
        }  # fmt: skip
        return Invitation.objects.create(act=this, **given | fields)


@pytest.mark.parametrize(
    ("who", "fields", "words"),
    [
        ("ada", {"what": "finance_lead"}, "people are invited by"),  # Northford has one
        ("ben", {"what": "administrator"}, "councils_invitation_what"),
        ("ben", {"expires_at": NOW + 15 * DAY}, "fourteen days"),
        ("ben", {"email": "ben@example.org"}, "invites themselves"),
        ("ben", {"ends_on": TODAY}, "fourteen days"),
    ],
)
def test_round_the_action_the_database_refuses(cast, who, fields, words):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        by_hand(cast, who, **fields)


@pytest.mark.parametrize("who", ["asha", "cleo"])
def test_round_the_action_others_write_none(cast, who):
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        by_hand(cast, who)


def test_no_one_gives_themselves_a_role_by_an_outcome_of_their_own(cast):
    made = invite(cast)
    letter_sent()
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        with acting(cast.people["ben"]) as how, act(**how, verb="accepted") as this:
            InvitationOutcome.objects.create(
                act=this, invitation=made, council=made.council, outcome="accepted", decided_by=cast.people["ben"],
                decided_at=NOW,
            )  # fmt: skip
    with pytest.raises(IntegrityError, match="accepted by another person"), transaction.atomic():
        with as_role("worker"), act(by=cast.people["ben"], at=NOW, verb="accepted") as this:
            InvitationOutcome.objects.create(
                act=this, invitation=made, council=made.council, outcome="accepted", decided_by=cast.people["ben"],
                decided_at=NOW,
            )  # fmt: skip


def test_accepting_without_a_link_opened_writes_nothing(cast):
    invite(cast)
    letter_sent()
    with pytest.raises(Exception, match="no rows"), transaction.atomic(), acting(cast.people["cleo"]) as how:
        with act(**how, verb="accepted an invitation") as this, connection.cursor() as cursor:
            cursor.execute("SELECT invitation_accept(%s)", [this.pk])


def test_nobody_of_the_application_reads_a_links_digest(cast):
    invite(cast)
    letter_sent()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        with acting(cast.people["ben"]), connection.cursor() as cursor:
            cursor.execute("SELECT digest FROM councils_invitationlink")


def test_an_administrator_invites_the_first_lead_and_no_second(cast, newton):
    with pytest.raises(Refused, match="not a role"):
        invite(cast, by="ada", council="NTN", what="viewer")
    invite(cast, by="ada", council="NTN", what="finance_lead")
    first = letter_sent()
    invite(cast, by="ada", council="NTN", what="finance_lead", email="two@example.net")
    second = letter_sent()
    taker = accept(first)
    assert rights(taker, on=TODAY).may_sign_off(newton.pk)
    assert accept(second) == "led"
    with pytest.raises(Refused, match="administrator"):
        invite(cast, by="ada", council="NTN", what="finance_lead", email="three@example.net")


def test_an_administrator_accepts_nothing(cast):
    invite(cast, email="ada@example.org")
    with pytest.raises(Refused, match="administrator"):
        accept(letter_sent(), person_id=cast.people["ada"].pk)


def test_an_invitation_that_waits_is_not_written_twice(cast):
    invite(cast)
    with pytest.raises(Refused, match="waiting already"):
        invite(cast)


# Ending roles ---------------------------------------------------------------------------------------------------------


def set_end(cast, whose, ends_on, by="ben", reason="Left the council"):
    with acting(cast.people[by]) as how:
        role = Role.objects.in_force(TODAY).select_related("person", "council").get(person=cast.people[whose])
        return roles.set_end(role=role, ends_on=ends_on, reason=reason, **how)


def test_a_lead_ends_a_role_at_once_or_on_a_day_and_takes_the_day_back(cast):
    set_end(cast, "asha", TODAY + DAY)
    asha, northford = cast.people["asha"].pk, cast.councils["NFD"].pk
    assert rights(asha, on=TODAY).may_record(northford)
    assert not rights(asha, on=TODAY + DAY).held
    set_end(cast, "asha", None, reason="Stays after all")
    assert rights(asha, on=TODAY + DAY).may_record(northford)
    set_end(cast, "asha", TODAY)
    assert not rights(asha, on=TODAY).held


@pytest.mark.parametrize("by", ["asha", "erin", "cleo"])
def test_others_end_none(cast, by):
    with acting(cast.people["ben"]):
        role = Role.objects.select_related("person", "council").get(person=cast.people["gwen"])
    with acting(cast.people[by]) as how, pytest.raises(Refused, match="own right"):
        roles.set_end(role=role, ends_on=TODAY, reason="x", **how)


def test_the_last_lead_says_what_follows(cast):
    with pytest.raises(Refused, match="last finance lead"):
        set_end(cast, "ben", TODAY, reason=" ")
    set_end(cast, "ben", TODAY, reason="Dana Reed takes over on Monday; the administrator knows")
    assert not rights(cast.people["ben"].pk, on=TODAY).held


def replaced_by_hand(cast, whose, reason="", **fields):
    with acting(cast.people["ben"]) as how, act(**how, verb="changed a role", reason=reason) as this:
        old = Role.objects.get(person=cast.people[whose])
        given = {"starts_on": old.starts_on, "ends_on": TODAY} | fields
        Role.objects.create(
            act=this, person_id=old.person_id, council_id=old.council_id, what=old.what, replaces=old, **given
        )


@pytest.mark.parametrize(
    ("whose", "fields", "words"),
    [
        ("ben", {}, "says what follows"),
        ("asha", {"starts_on": datetime.date(2019, 4, 1)}, "began when it began"),
    ],
)
def test_round_the_action_roles_are_held_too(cast, whose, fields, words):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        replaced_by_hand(cast, whose, **fields)


def test_nobody_makes_their_own_last_longer(cast):
    set_end(cast, "ben", TODAY + DAY, reason="Dana takes over")
    with pytest.raises(Refused, match="last longer"):
        set_end(cast, "ben", None)
