"""Schemes: the order of their steps, new versions instead of edits, and who may take which step."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from councils.acts import act
from councils.refusals import Refused
from councils.years import FinancialYear
from savings.actions import entries, forecasts, schemes
from savings.models import Entry, Scheme, SchemeStatus, SchemeVersion
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, an_entry

Status = SchemeStatus.Status
THIS = FinancialYear(2026)


@pytest.fixture
def scheme(cast):
    """Proposed by Asha, and not approved yet."""
    like = cast.schemes["REV-01"]
    with acting(cast.people["asha"]) as how:
        return schemes.propose(
            **how, partnership=cast.partnership, service=like.service, reference="REV-09", title="Scanning",
            owner="Head of revenues", benefit_class=like.benefit_class, recurrence=like.recurrence,
            indicator=like.indicator, status=Status.PROPOSED,
        )  # fmt: skip


def stand(cast, scheme, status, who="ben", **more):
    with acting(cast.people[who]) as how:
        return schemes.stand(scheme=scheme, status=status, **{"reason": "So decided", **how, **more})


def test_the_usual_way(cast, scheme):
    for status in (Status.APPROVED, Status.DELIVERING, Status.DELIVERED, Status.DELIVERING):
        stand(cast, scheme, status)
    with acting(cast.people["asha"]):
        assert [each.status for each in scheme.statuses.order_by("sequence")] == [
            "proposed", "approved", "delivering", "delivered", "delivering",
        ]  # fmt: skip


@pytest.mark.parametrize("status", [Status.DELIVERING, Status.DELIVERED, Status.UNDELIVERABLE])
def test_no_step_is_left_out(cast, scheme, status):
    with pytest.raises(Refused, match="What can follow is approved or withdrawn"):
        stand(cast, scheme, status, replaced_with="Reserves")
    with acting(cast.people["ben"]) as how, pytest.raises(DatabaseError, match="in that order"):
        with transaction.atomic(), act(**how, verb="jumped") as this:
            row(this, cast, scheme, status=status, sequence=2, replaced_with="Reserves")


def row(this, cast, scheme, **fields):
    usual = {"reason": "x", "changed_by": cast.people["ben"], "changed_at": NOW}
    return SchemeStatus.objects.create(act=this, scheme=scheme, partnership=cast.partnership, **usual | fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "approved", "sequence": 3}, "in that order"),
        ({"status": "approved", "sequence": 1}, "savings_scheme_status_sequence"),
        ({"status": "approved", "sequence": 2, "reason": " "}, "savings_scheme_status_reason"),
        ({"status": "approved", "sequence": 2, "delivery_score": 4}, "savings_scheme_status_score_reason"),
        (
            {"status": "approved", "sequence": 2, "delivery_score": 6, "score_reason": "y"},
            "savings_scheme_status_score",
        ),
        ({"status": "approved", "sequence": 2, "changed_by": "asha"}, "names somebody else"),
    ],
)
def test_the_database_holds_the_steps(cast, scheme, fields, words):
    if "changed_by" in fields:
        fields = fields | {"changed_by": cast.people["asha"]}
    with acting(cast.people["ben"]) as how, pytest.raises(DatabaseError, match=words):
        with transaction.atomic(), act(**how, verb="stepped") as this:
            row(this, cast, scheme, **fields)


def test_an_officer_approves_nothing(cast, scheme):
    with pytest.raises(Refused, match="for a finance lead"):
        stand(cast, scheme, Status.APPROVED, who="asha")
    with acting(cast.people["asha"]) as how, pytest.raises(DatabaseError, match="row-level security"):
        with transaction.atomic(), act(**how, verb="approved") as this:
            row(this, cast, scheme, status="approved", sequence=2, changed_by=cast.people["asha"])


def test_somebody_elsewhere_takes_no_step(cast, scheme):
    with acting(cast.people["cleo"]), pytest.raises(Scheme.DoesNotExist):
        Scheme.objects.get(pk=scheme.pk)
    with pytest.raises(Refused, match="finance lead of a member"):
        stand(cast, scheme, Status.APPROVED, who="cleo")


def test_undeliverable_says_what_replaces_it_and_a_score_says_why(cast, scheme):
    stand(cast, scheme, Status.APPROVED)
    with pytest.raises(Refused, match="what funding replaces"):
        stand(cast, scheme, Status.UNDELIVERABLE)
    with pytest.raises(Refused, match="why the score"):
        stand(cast, scheme, Status.APPROVED, delivery_score=2)
    scored = stand(cast, scheme, Status.APPROVED, delivery_score=2, score_reason="The supplier is late")
    later = stand(cast, scheme, Status.UNDELIVERABLE, replaced_with="General reserves")
    assert (scored.delivery_score, later.delivery_score, later.replaced_with) == (2, 2, "General reserves")


def test_a_change_is_a_new_version_and_the_scheme_stays_as_it_was(cast, scheme):
    with acting(cast.people["asha"]) as how:
        schemes.change(scheme=scheme, owner="Director of resources", reason="Reorganised", **how)
        schemes.change(scheme=scheme, last_year=2028, recurrence="time_limited", reason="A contract ends", **how)
        now = schemes.current(scheme)
        assert (now.version, now.owner, now.last_year) == (3, "Director of resources", 2028)
        assert Scheme.objects.get(pk=scheme.pk).owner == "Head of revenues"
        with pytest.raises(Refused, match="Nothing is changed"):
            schemes.change(scheme=scheme, owner="Director of resources", reason="Again", **how)
        with pytest.raises(Refused, match="Say why"):
            schemes.change(scheme=scheme, owner="Nobody", reason=" ", **how)


@pytest.mark.parametrize("sql", ["UPDATE {} SET owner = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", ["savings_scheme", "savings_schemeversion"])
def test_no_version_is_edited(cast, scheme, sql, table):
    with acting(cast.people["asha"]) as how:
        schemes.change(scheme=scheme, owner="Another", reason="x", **how)
    for role in ("owner", "worker"):
        with as_role(role), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(table))


def test_versions_follow_one_another(cast, scheme):
    fields = {
        name: getattr(scheme, name) for name in ("owner", "benefit_class", "recurrence", "last_year", "indicator")
    }
    with acting(cast.people["asha"]) as how, pytest.raises(DatabaseError, match="follows the one before"):
        with transaction.atomic(), act(**how, verb="changed") as this:
            SchemeVersion.objects.create(
                act=this, scheme=scheme, partnership=cast.partnership, version=4, reason="x",
                changed_by=cast.people["asha"], changed_at=NOW, **fields,
            )  # fmt: skip


def revise(cast, months, year=THIS, who="asha", council="NFD"):
    with acting(cast.people[who]) as how:
        return forecasts.revise(
            scheme=cast.schemes["REV-01"], council=cast.councils[council], year=year, months=months, **how
        )


def test_a_forecast_is_superseded_in_one_act(cast):
    """Now is June 2026: April and May have ended."""
    assert revise(cast, {3: 100_00, 4: 100_00, 5: 100_00}) == (3, 0)
    assert revise(cast, {3: 100_00, 4: 80_00, 5: None}) == (1, 2)
    with acting(cast.people["asha"]):
        standing = forecasts.held(cast.schemes["REV-01"], cast.councils["NFD"], THIS)
        assert {month: [e.amount_pence for e in each] for month, each in standing.items()} == {3: [100_00], 4: [80_00]}
        found = Entry.objects.filter(series="forecast")
        assert (found.count(), found.total()) == (6, 180_00)
        last = found.order_by("-pk").first()
        assert {each.reverses_id is None for each in found.filter(act=last.act_id)} == {True, False}


def test_what_has_ended_is_banked_and_not_forecast(cast):
    with pytest.raises(Refused, match="April 2026 is over"):
        revise(cast, {1: 100_00})
    with pytest.raises(Refused, match="Nothing is changed"):
        revise(cast, {3: None})


def test_months_take_the_place_of_a_whole_year(cast):
    an_entry(cast, series="forecast", year=2026, amount_pence=1_200_00)
    assert revise(cast, {12: 50_00}) == (1, 1)
    with acting(cast.people["asha"]):
        assert Entry.objects.filter(series="forecast").total() == 50_00


def test_nobody_forecasts_for_another_council(cast):
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        revise(cast, {3: 10_00}, who="omar")


def test_a_part_of_an_act_is_in_no_act_of_its_own(cast):
    with acting(cast.people["asha"]) as how, act(**how, verb="both") as this:
        shared = {"council": cast.councils["NFD"], "partnership": cast.partnership, "scheme": cast.schemes["REV-01"]}
        entry = entries.record(
            **how, **shared, kind="saving", benefit_class="cash_releasing", year=THIS, month=3, amount_pence=5,
            series="forecast", within=this,
        )  # fmt: skip
        back = entries.reverse(entry=entry, reason="Twice", within=this, **how)
    assert entry.act_id == back.act_id == this.pk
