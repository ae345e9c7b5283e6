"""The first page: one sentence, how good its evidence is, four figures, the picture, and what none of it shows."""

from councils.listing_words import listed
from councils.money import pounds, short_pounds
from councils.years import FinancialYear
from savings import charts
from savings.reporting.amounts import Figures
from savings.reporting.sentences import sentence
from savings.words import GRADES

from ..blocks import bullets, heading, section
from ..content import Content
from .spoken import share, year


def conclusion(content: Content) -> dict:
    figures = content.figures
    return section(
        "Conclusion",
        {
            "kind": "conclusion",
            "text": sentence(figures.total, content.partnership.name, figures.since),
            "grade": grade_of(figures.total),
            "grade_words": grade_words(figures.total),
        },
        {"kind": "figures", "figures": four(figures.total), "basis": basis(content)},
        picture(content),
        heading("What this does not show"),
        bullets(limits(content)),
    )


def basis(content: Content) -> str:
    through = FinancialYear.containing(content.taken.on).label
    since = content.figures.since
    period = f"from {year(since)} to {through}" if since is not None and year(since) != through else f"in {through}"
    return f"Net of costs, cumulative {period}, nominal, all members together."


def four(total: Figures) -> list[dict]:
    return [
        {"label": "Promised", "value": pounds(total.net_promised), "note": "by the business case in force"},
        {"label": "Claimed", "value": pounds(total.net_claimed), "note": "everything members banked"},
        {"label": "Counted", "value": pounds(total.net_counted), "note": "without transfers and double claims"},
        {"label": "Proven", "value": pounds(total.net_proven), "note": "signed off or audited"},
    ]


def grade_of(total: Figures) -> str:
    """The grade of the conclusion: the weakest evidence among what it counts."""
    if total.proven:
        lowest = 2 if total.grade_2 else 3
        return f"Grade {lowest}: {GRADES[lowest].lower()}"
    held = [grade for grade in (1, 0) if total[Figures._fields.index(f"grade_{grade}")]]
    return f"Grade {held[0]}: {GRADES[held[0]].lower()}" if held else "No grade: nothing is counted"


def grade_words(total: Figures) -> str:
    if not total.counted:
        return "No saving is counted yet."
    proven = share(total.proven, total.counted)
    return (
        f"Of {short_pounds(total.counted)} counted, {proven} is signed off by a finance lead other than the person who "
        f"recorded it, or audited. Costs are taken off in full, whatever their grade."
    )


def picture(content: Content) -> dict | None:
    if not content.figures.points:
        return None
    now = FinancialYear.containing(content.taken.on).start
    return {
        "kind": "chart",
        "alt": "Line chart by financial year. " + charts.against_the_promise(content.figures.points, now=now),
        "caption": "Promised, claimed, counted and proven, net of costs, added up to the end of each year, nominal.",
        "text": charts.against_the_promise(content.figures.points, now=now),
    }


def limits(content: Content) -> list[str]:
    total = content.figures.total
    items = [
        "What the members would have spent had they not shared. No comparison with other councils is made here.",
        "Inflation. Every amount is nominal: what was recorded in its year, neither deflated nor discounted.",
        "Whether the service became better or worse.",
    ]
    if content.silent:
        quiet = listed([f"{each.council} ({each.year_label})" for each in content.silent])
        items.append(f"What happened at {quiet}: neither an entry nor a return was made, and missing is not nil.")
    if more := total.claimed - total.proven:
        items.append(f"Whether the other {pounds(more)} claimed was saved: it is not signed off, or is not counted.")
    if total.disputed:
        items.append(f"Who is right about {pounds(total.disputed)} that is counted and disputed by a member.")
    if content.figures.losing:
        losers = listed([f"{m.name} ({pounds(m.figures.net_counted)})" for m in content.figures.losing])
        are = "is" if len(content.figures.losing) == 1 else "are"
        items.append(f"That every member gains: counting costs and charges, {losers} {are} worse off.")
    return items
