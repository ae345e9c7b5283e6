"""Asking for a report: who may, and that asking twice is asking once."""

import pytest
from django.db import DatabaseError, transaction

from councils.acts import act
from councils.models import Event
from councils.refusals import Refused
from savings import jobs
from savings.actions import reports
from savings.models import Job, Report
from tests.database import as_role
from tests.factories import acting


def asked(cast, by="asha", council="NFD"):
    with acting(cast.people[by]) as how:
        return reports.ask(partnership=cast.partnership, council=cast.councils[council], **how)


def test_a_viewer_may_ask_too(cast):
    assert asked(cast, by="gwen").job.state == "waiting"


def test_asking_is_an_act_on_the_councils_stream_and_the_access_stream(cast):
    report = asked(cast)
    with as_role("worker"):
        assert set(Event.objects.filter(act=report.act).values_list("stream__key", flat=True)) == {
            "council:NFD",
            "access",
        }


def test_asking_again_while_one_is_under_way_gives_that_one(cast):
    assert asked(cast).pk == asked(cast).pk
    assert asked(cast, by="ben").pk != asked(cast).pk


def test_asking_again_afterwards_makes_another(cast):
    first = asked(cast)
    with as_role("worker"):
        Job.objects.filter(pk=first.job_id).update(state="failed")
    assert asked(cast).pk != first.pk


def test_a_report_is_only_for_a_member(cast):
    with acting(cast.people["cleo"]) as how, pytest.raises(Refused, match="never a member"):
        reports.ask(partnership=cast.partnership, council=cast.councils["WSV"], **how)


@pytest.mark.parametrize(("who", "council"), [("cleo", "WSV"), ("asha", "STM")])
def test_the_database_says_so_too(cast, who, council):
    """Round the action: neither for a stranger of the partnership, nor for a council that is not one's own."""
    person = cast.people[who]
    with acting(person) as how, pytest.raises(DatabaseError), transaction.atomic(), act(verb="asked", **how) as this:
        Report.objects.create(
            act=this, partnership=cast.partnership, council=cast.councils[council], asked_by=person,
            job=jobs.ask(kind=reports.KIND, **how),
        )  # fmt: skip
