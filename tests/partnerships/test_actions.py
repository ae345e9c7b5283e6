"""Founding a partnership and leaving one, as the application's role and with the database's own refusals."""

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from councils.acts import act
from councils.refusals import Refused
from partnerships import actions
from partnerships.models import Membership, Partnership, Service, Vehicle
from tests.cast import NOW
from tests.factories import acting, agreed_by_all, an_entry, found_together, show_to

TODAY = NOW.date()


def found(cast, by="ben", slug="legal", members=("NFD", "STM")):
    with acting(cast.people[by]) as how:
        return found_together(
            cast, **how, slug=slug, name="Shared legal", started_on=TODAY, form=Vehicle.Form.SHARED_STAFF,
            services=list(Service.objects.all()[:1]),
            members=[{"council": cast.councils[code], "role": "both"} for code in members],
        )  # fmt: skip


def test_a_finance_lead_founds_a_partnership_and_its_members_see_it(cast):
    partnership = found(cast)
    for name, sees in (("ben", True), ("asha", True), ("dev", True), ("cleo", False)):
        with acting(cast.people[name]):
            assert Partnership.objects.filter(pk=partnership.pk).exists() is sees, name


def test_an_officer_does_not_found_one(cast):
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        found(cast, by="asha")


def test_an_address_is_used_once(cast):
    found(cast)
    with pytest.raises(Refused, match="already a partnership"):
        found(cast)


def test_a_stranger_does_not_admit_themselves(cast):
    """Cleo's council is no member, so the database refuses her a row in the partnership."""
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        with acting(cast.people["cleo"]) as how, act(**how, verb="joined") as this:
            Membership.objects.create(
                act=this, partnership=cast.partnership, council=cast.councils["WSV"], role="receiver", starts_on=TODAY
            )


def test_a_partnership_that_ends_takes_its_memberships_with_it(cast):
    agreed_by_all(cast, kind="ending", starts_on=TODAY, reason="Councils reorganised")
    with acting(cast.people["ben"]):
        assert {member.ends_on for member in cast.partnership.memberships.current()} == {TODAY}
        assert cast.partnership.ending.why == "Councils reorganised"
    with pytest.raises(Refused, match="left"):
        an_entry(cast, year=2027)


def test_one_lead_alone_shows_it_to_fewer(cast):
    show_to(cast, "public")
    with acting(cast.people["dev"]) as how:
        actions.show_to(partnership=cast.partnership, who="members", **how)
        assert cast.partnership.audiences.order_by("-pk").first().who == "members"
