"""How one partnership of the demonstration is written down: plain data, in pounds, by year of the story (1 to 5).

A line is one member's amounts on one scheme. `months` says when a year's amount is booked: `WHOLE` (no month), or
months counted from April among which it is shared out evenly.
"""

from dataclasses import dataclass, field

from savings.models.typed import BenefitClass, Kind, Recurrence

WHOLE = (None,)
QUARTERS = (3, 6, 9, 12)
MONTHS = tuple(range(1, 13))
ALWAYS, NEVER = range(1, 10), ()
PENCE = 100
PDF, CSV, YEAR_END, NOTHING = "pdf", "csv", "year end", ""


def each(first, last, pounds):
    """The same amount in every year from `first` to `last`."""
    return dict.fromkeys(range(first, last + 1), pounds)


@dataclass(frozen=True)
class Member:
    council: str
    role: str
    host: bool = False
    cost_share_bps: int | None = None
    baseline: int = 0  # pounds spent on the service in year 0 (or the year before it started)


@dataclass(frozen=True)
class Indicator:
    name: str
    unit: str
    higher_is_better: bool
    baseline: str
    tolerance: str
    readings: dict[str, dict[int, str]]  # council: year: value at the end of that year


@dataclass(frozen=True)
class Scheme:
    reference: str
    title: str
    owner: str
    benefit_class: str = BenefitClass.CASH_RELEASING
    recurrence: str = Recurrence.RECURRING
    service: str = ""  # the partnership's first service when empty
    indicator: str = ""
    last_year: int | None = None
    description: str = ""


@dataclass(frozen=True)
class Line:
    scheme: str
    council: str
    banked: dict[int, int] = field(default_factory=dict)
    promised: dict[int, int] = field(default_factory=dict)
    forecast: dict[int, int] = field(default_factory=dict)
    kind: str = Kind.SAVING
    months: tuple = WHOLE
    proof: str = PDF  # YEAR_END: booked without proof, covered by one document after the year has ended
    signed: tuple | range = ALWAYS  # the years whose entries the finance lead signs off
    coded: bool = True  # a cash-releasing saving names the budget it was taken out of
    funded_by: str = ""
    note: str = ""


@dataclass(frozen=True)
class Charge:
    """Paid half in month 6, half in month 12. `receiver_says` adds pounds to what the receiver reports for month 12."""

    payer: str
    receiver: str
    banked: dict[int, int]
    promised: dict[int, int]
    receiver_says: dict[int, int] = field(default_factory=dict)
    payer_silent: bool = False


@dataclass(frozen=True)
class Arrangement:
    slug: str
    name: str
    summary: str
    form: str
    services: tuple[str, ...]
    starts: tuple[int, int, int]  # year of the story, calendar month, day
    founded: tuple[int, int, int]
    members: tuple[Member, ...]
    case_title: str
    case_explanation: str
    horizon: int  # last year of the promise
    indicators: tuple[Indicator, ...]
    schemes: tuple[Scheme, ...]
    lines: tuple[Line, ...]
    charges: tuple[Charge, ...] = ()
    audience: str = "members"
    purposes: tuple[str, ...] = ("save",)
    silent: frozenset = frozenset()  # (council, year, quarter) for which no return is made
    last_return_year: dict[str, int] = field(default_factory=dict)  # of members that leave

    @property
    def host(self):
        return next(member.council for member in self.members if member.host)


def scheme_of(arrangement, line):
    return next(scheme for scheme in arrangement.schemes if scheme.reference == line.scheme)


def class_of(arrangement, line):
    return scheme_of(arrangement, line).benefit_class if line.kind == Kind.SAVING else None
