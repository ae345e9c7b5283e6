"""What the report covers: who, from when to when, in which prices, and what it leaves out."""

from councils.listing_words import listed
from councils.years import FinancialYear
from savings.analysis.parameters import CURRENT

from ..blocks import Column, bullets, facts, heading, section, table
from ..content import Content
from ..printable import written
from .spoken import day, moment, year


def scope(content: Content) -> dict:
    return section(
        "Scope",
        facts(_facts(content)),
        table(
            "Parties to the partnership", PARTIES, [_party(m) for m in content.memberships], empty="It has no members."
        ),
        heading("Left out"),
        bullets(_left_out(content)),
    )


PARTIES = (Column("Member", 3), Column("Role", 2), Column("From", 1.6), Column("To", 1.6), Column("Share of cost", 1.2))


def _party(membership) -> list:
    role = membership.get_role_display() + (", host" if membership.host else "")
    share = "not stated" if membership.cost_share_bps is None else f"{membership.cost_share_bps / 100:g}%"
    until = day(membership.ends_on) if membership.ends_on else "still a member"
    return [written(membership.council.name), role, day(membership.starts_on), until, share]


def _facts(content: Content) -> list[tuple[str, str]]:
    partnership = content.partnership
    ending = content.ending
    ended = f", ended {day(ending.ended_on)}: {written(ending.why)}" if ending else ""
    rules = (
        f"Parameter set {CURRENT.version}. Two amounts are near when they differ by no more than "
        f"{CURRENT.tolerance_bps / 100:g}% of the larger or £{CURRENT.tolerance_pence // 100:,}."
    )
    return [
        ("Partnership", written(partnership.name) + f", since {day(partnership.started_on)}{ended}."),
        (
            "Legal form",
            "; ".join(f"{v.get_form_display()} from {day(v.starts_on)}" for v in content.vehicles) or "Not recorded.",
        ),
        ("Services", listed(content.services) or "Not recorded."),
        ("Period", _period(content)),
        ("Price base", "Nominal: every amount as it was in its own year."),
        ("As at", f"{moment(content.taken.as_at)}. Later entries and decisions are not in this report."),
        ("Made for", written(content.council.name) + "."),
        ("Rules", rules),
    ]


def _period(content: Content) -> str:
    through = FinancialYear.containing(content.taken.on)
    first = content.figures.years[0].year if content.figures.years else through.start
    later = content.figures.years and content.figures.years[-1].year > through.start
    words = f"Financial years {year(first)} to {through.label}; the last is not over."
    if later:
        last = content.figures.years[-1].label
        words += f" What is promised or forecast for later years, to {last}, is listed but not added up."
    return words


def _left_out(content: Content) -> list[str]:
    items = [
        f"{each.council}: silent for {each.year_label}. It recorded nothing and returned nothing, not even nil, so its "
        "amounts for that year are unknown, not nought."
        for each in content.silent
    ]
    if not content.silent:
        items.append("No member: each recorded or returned something for the last year that is complete.")
    items += [
        "Savings that are not cash-releasing, and income. They are shown beside the figures and never added to them.",
        "What members would have spent without sharing, real-terms values, and the cost of leaving.",
        "Documents themselves. Each is named with its SHA-256, so that a copy can be compared with the upload.",
    ]
    return items
