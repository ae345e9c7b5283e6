"""Replays the story: every deed up to a moment, in the order of time, each by its person within that person's scope."""

from collections import Counter
from itertools import groupby

from councils.scope import scope

from . import aldershire_legal, aldershire_waste, confirming, five_rivers, inviting, quality_held, three_towns
from .dates import moment_on, working_day
from .timeline import deeds

PARTNERSHIPS = (five_rivers, aldershire_legal, three_towns, aldershire_waste)


def told(each, dates):
    """Everything that happens in one partnership."""
    yield from deeds(each.ARRANGEMENT, dates)
    yield from each.turns(dates)
    yield from quality_held.follow_ups(each.ARRANGEMENT, dates)
    yield from quality_held.decisions(each.ARRANGEMENT, dates)


def timeline(dates):
    """(moment, deed) pairs of the whole five years and beyond, in order of time."""
    every = [deed for each in PARTNERSHIPS for deed in told(each, dates)]
    every += confirming.deeds_of_confirming(dates)
    every += inviting.deeds_of_inviting(dates)
    every.sort(key=lambda deed: working_day(deed.day))  # stable: deeds of one day stay in the order they were told
    seen: Counter = Counter()
    for deed in every:
        day = working_day(deed.day)
        yield moment_on(day, seen[day]), deed
        seen[day] += 1


def replay(world, dates, moment):
    """Do everything that happened by `moment`; returns how many deeds that was. Later ones have not happened yet."""
    past = [(at, deed) for at, deed in timeline(dates) if at <= moment]
    for (who, day), together in groupby(past, key=lambda pair: (pair[1].who, pair[0].date())):
        by = world.person(*who)
        with scope(person_id=by.pk, on=day):
            for at, deed in together:
                deed.do(world, by, at)
    return len(past)
