"""What a report rests on: the rows add up to the figures, and what is missing is found."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from councils.refusals import Refused
from savings.reporting import figures
from savings.reports import build, controls, exclusions
from tests.cast import NOW
from tests.database import as_role
from tests.factories import an_entry

from .made import content_of, one_of_everything


@pytest.fixture
def told(cast):
    return one_of_everything(cast)


def test_the_rows_add_up_to_the_figures(cast, told):
    found = {control.what: control.rows for control in controls.controls(content_of(cast))}
    assert found["Claimed: banked cash-releasing savings"] == 90_000_37 + 4_000_00 + 2_500_00 + 90_100_00
    assert found["Banked costs"] == 10_000_01
    assert found["Not counted: claimed less counted"] == 4_000_00 + 90_100_00
    assert found["Banked entries, reversals among them"] == 8


def test_it_reads_the_figures_that_pages_show(cast, told):
    content = content_of(cast)
    with as_role("worker"):
        shown = figures.partnership_figures(cast.partnership, NOW.date())
    assert content.figures == shown


def test_members_sum_to_the_partnership_in_every_year(cast, told):
    content = content_of(cast)
    for year in content.figures.years:
        members = [
            found.figures for member in content.member_years for found in member.years if found.year == year.year
        ]
        assert tuple(map(sum, zip(*members, strict=True))) == tuple(year.figures)


def test_what_is_left_out_is_named_with_its_rule(cast, told):
    found = {(each.council, each.rule): each for each in content_of(cast).exclusions}
    transfer = found[cast.councils["NFD"].pk, exclusions.TRANSFER]
    repeat = found[cast.councils["STM"].pk, exclusions.REPEAT]
    assert (transfer.pence, transfer.counts_instead) == (4_000_00, None)
    assert repeat.counts_instead == (cast.councils["NFD"].pk, cast.schemes["REV-01"].pk)


def test_what_is_missing_is_found(cast, told):
    missing = content_of(cast).missing
    assert [row.pence for row in missing.unsigned] == [4_000_00]
    assert told.unproven.pk in {row.pk for row in missing.undocumented}
    assert told.twice.pk not in {row.pk for row in missing.undocumented}


def test_quarters_that_ended_without_a_return_are_silent(cast):
    returns = {each.member: each for each in content_of(cast).returns}
    assert returns["Southmere Council"].due == 20  # April 2021 to March 2026
    assert len(returns["Southmere Council"].silent) == 20


def test_a_report_that_does_not_add_up_is_not_made(cast, told):
    """One row taken away by hand, as if a roll-up had gone wrong."""
    content = content_of(cast)
    wrong = content._replace(entries=[row for row in content.entries if row.pk != told.signed.pk])
    with pytest.raises(Refused, match="differ, so no report was made"):
        build.checked(wrong)


def test_a_promise_that_was_replaced_is_listed_and_not_added_up(cast):
    an_entry(cast, series="forecast", amount_pence=5_000_00)
    content = content_of(cast)
    assert [row.series for row in content.entries] == ["forecast"]
    assert content.banked == []
    assert {control.rows for control in controls.controls(content)} == {0}


def test_the_ledger_is_read_in_as_many_queries_whatever_its_size(cast):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            content_of(cast)
        return len(captured)

    an_entry(cast, month=1)
    content_of(cast)
    before = queries()
    for month in range(2, 8):
        an_entry(cast, month=month)
    content_of(cast)
    assert queries() == before
