"""A council in a sentence."""

import datetime

import pytest

from councils.models import Council
from councils.register import RegisterEntry
from councils.register_words import being, introduction

ON = datetime.date(2026, 6, 15)
NOTHING = RegisterEntry([], [], [], [], [])


@pytest.mark.parametrize(
    ("kind", "region", "told"),
    [
        ("unitary", "South West", "A unitary council in the South West."),
        ("london_borough", "London", "A London borough in London."),
        ("metropolitan", "Yorkshire and The Humber", "A metropolitan district in Yorkshire and The Humber."),
        ("nhs", "", "An NHS body."),
        ("other", "", "Another public body."),
        ("scottish", "Scotland", "A Scottish council."),
    ],
)
def test_what_it_is(kind, region, told):
    council = Council(kind=kind, region=region, nation="Scotland" if region == "Scotland" else "England")
    assert introduction(council, NOTHING, on=ON) == told


@pytest.mark.parametrize(
    ("started", "ended", "told"),
    [
        (None, None, "Yes; since when is not in the register"),
        ((2009, 4, 1), None, "Since 1 April 2009"),
        (None, (2021, 4, 1), "Until 1 April 2021"),
        ((2009, 4, 1), (2028, 4, 1), "Since 1 April 2009, ends on 1 April 2028"),
        ((2028, 4, 1), None, "Will begin on 1 April 2028"),
    ],
)
def test_when_it_existed(started, ended, told):
    dates = [datetime.date(*day) if day else None for day in (started, ended)]
    assert being(Council(started_on=dates[0], ended_on=dates[1]), on=ON) == told
