"""What one person does on one day, and the world in which it is done."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .people import of


class Deed(NamedTuple):
    """`do(world, by, at)` is called with the person and the moment, inside that person's scope."""

    day: datetime.date
    who: tuple[str, str]  # role and council code
    do: Callable[..., Any]


@dataclass
class World:
    """What the story has made so far, by the names the data uses for it."""

    persons: dict  # by email
    councils: dict  # by code
    services: dict  # by slug
    partnerships: dict = field(default_factory=dict)  # by slug
    indicators: dict = field(default_factory=dict)  # by slug and name
    schemes: dict = field(default_factory=dict)  # by slug and reference
    cases: dict = field(default_factory=dict)  # by slug
    entries: dict = field(default_factory=dict)  # by slug, reference, council code, year of the story and month
    reductions: set = field(default_factory=set)  # council code, start year and ledger code already recorded
    disputes: dict = field(default_factory=dict)

    def person(self, what, council):
        return self.persons[of(what, council).email]
