"""Charts as plain dictionaries, each with the sentence and the table that say the same from the same figures.

`templates/govuk/_chart.html` prints a `Chart`; static/app/charts.js draws its `figure` as Plotly takes it. Only
`scatter` and `bar` are used, because the served bundle draws a trace type it does not know as something else.
Money is pence until it is printed: the axis is in pounds, and every label comes from councils/money.py.
"""

from typing import NamedTuple

from councils.money import pounds, short_pounds
from councils.years import FinancialYear

from .scales import ticks

#: Name, figure of a point, colour, dash, marker, width: never told apart by colour alone.
CURVES = (
    ("Promised", "promised", "#5a6663", "dash", "diamond-open", 2),
    ("Claimed", "claimed", "#b3540a", "dot", "circle-open", 2),
    ("Counted", "counted", "#2c5fa8", "longdash", "square-open", 2),
    ("Proven", "proven", "#0b5d52", "solid", "circle", 4),
)
GAIN, LOSS = "#0b5d52", "#b3540a"


class Chart(NamedTuple):
    id: str
    title: str
    sentence: str
    figure: dict  # data and layout
    caption: str
    headers: list[str]
    rows: list[list[str]]  # the first cell names the row


def cumulative(points, *, now):
    """The promise and what came of it, added up year by year, net; None without points. `now`: the year of reading."""
    if not points:
        return None
    return Chart(
        id="cumulative",
        title="Against the promise",
        sentence=against_the_promise(points, now=now),
        figure={"data": [_curve(points, *curve) for curve in CURVES], "layout": _layout(points)},
        caption="Net of costs and charges, added up to the end of each year, nominal",
        headers=["Year", *(name for name, *_ in CURVES)],
        rows=[
            [FinancialYear(point.year).label, *(_cell(getattr(point, key)) for _, key, *_ in CURVES)]
            for point in points
        ],
    )


def against_the_promise(points, *, now):
    """For instance: "By the end of 2026/27 £1.9m net is promised. So far £1.1m net is proven, £800,000 behind the
    promise due by 31 March 2027".
    """
    due = [point for point in points if point.year <= now]
    if not due or all(point.claimed is None for point in points):
        return f"Nothing is due yet. {_promise(points[-1])}."
    last = due[-1]
    so_far = f"So far {_net(last.proven, 'proven')}"
    claimed = "" if last.claimed == last.proven else f", and {_net(last.claimed, 'claimed')}"
    if not any(point.promised for point in points):
        return f"No business case is approved, so there is no promise to measure against. {so_far}{claimed}."
    return f"{_promise(last)}. {so_far}, {_distance(last.proven - last.promised, last.year)}{claimed}."


def _promise(point):
    year = FinancialYear(point.year).label
    if point.promised < 0:
        return f"By the end of {year} the promise allows a net cost of {short_pounds(-point.promised)}"
    return f"By the end of {year} {short_pounds(point.promised)} net is promised"


def _net(pence, how):
    if pence < 0:
        return f"costs are {short_pounds(-pence)} more than the savings {how}"
    return f"{short_pounds(pence)} net is {how}"


def _distance(ahead, year):
    if ahead == 0:
        return "exactly as promised"
    due = f"{FinancialYear(year).last_day:%-d %B %Y}"
    return f"{short_pounds(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} the promise due by {due}"


def members(named, *, name):
    """Who gained and who lost, counted net, best first; members for whom nothing is recorded are named, not drawn."""
    known = sorted((m for m in named if m.figures.recorded), key=lambda m: (m.figures.net_counted, m.name))
    if not known:
        return None
    values = [member.figures.net_counted for member in known]
    layout = {
        "xaxis": _money_axis(values),
        "yaxis": {"type": "category", "showgrid": False, "ticksuffix": "  "},
        "showlegend": False, "bargap": 0.45,
    }  # fmt: skip
    bar = {
        "type": "bar", "orientation": "h",
        "x": [_pounds(value) for value in values], "y": [member.name for member in known],
        "text": [short_pounds(value) for value in values], "textposition": "auto", "cliponaxis": False,
        "marker": {"color": [GAIN if value >= 0 else LOSS for value in values]},
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }  # fmt: skip
    return Chart(
        id="members",
        title="Who gains and who loses, counting what is not yet signed off",
        sentence=who_gains(named, name=name),
        figure={"data": [bar], "layout": layout},
        caption="Counted savings less costs, charges received less charges paid, nominal",
        headers=["Member", "Counted, net"],
        rows=[[member.name, pounds(member.figures.net_counted)] for member in reversed(known)],
    )


def who_gains(named, *, name):
    """Who is better off and who is not, on the counted figure, which takes in what finance has not signed off.

    For instance: "Counting what is not yet signed off, 2 of 3 members are better off. Stonebeck is £40,000 worse off".
    """
    known = [member for member in named if member.figures.recorded]
    losing = [member for member in known if member.figures.net_counted < 0]
    better = sum(member.figures.net_counted > 0 for member in known)
    if known and better == len(known) == len(named):
        first = (
            f"all {better} members of {name} are better off"
            if better > 1
            else f"the one member of {name} is better off"
        )
    else:
        first = f"{better or 'none'} of {len(named)} members of {name} {'is' if better == 1 else 'are'} better off"
    worse = [f"{member.name} is {short_pounds(-member.figures.net_counted)} worse off" for member in losing]
    silent = [f"nothing is recorded for {member.name}" for member in named if not member.figures.recorded]
    first = f"Counting what is not yet signed off, {first}"
    rest = "; ".join([*worse, *silent])
    return f"{first}. {rest[:1].upper()}{rest[1:]}." if rest else f"{first}."


def _curve(points, name, key, colour, dash, marker, width):
    shown = [(FinancialYear(point.year).label, getattr(point, key)) for point in points]
    return {
        "type": "scatter", "mode": "lines+markers", "name": name,
        "x": [label for label, _ in shown],
        "y": [None if pence is None else _pounds(pence) for _, pence in shown],
        "customdata": ["" if pence is None else short_pounds(pence) for _, pence in shown],
        "line": {"color": colour, "dash": dash, "width": width},
        "marker": {"symbol": marker, "size": 8, "color": colour},
        "hovertemplate": "%{x}: %{customdata}<extra>" + name + "</extra>",
    }  # fmt: skip


def _layout(points):
    values = [pence for point in points for pence in point[1:] if pence is not None]
    return {
        "xaxis": {"type": "category", "showgrid": False},
        "yaxis": _money_axis(values),
        "hovermode": "x unified",
    }  # fmt: skip


def _money_axis(values):
    """Ticks worded as sentences word amounts, with nought always in sight and drawn heavier."""
    at = ticks(min([0, *values]), max([0, *values]))
    return {
        "type": "linear", "range": [_pounds(at[0]), _pounds(at[-1])], "zeroline": True, "zerolinewidth": 2,
        "tickvals": [_pounds(each) for each in at], "ticktext": [short_pounds(each) for each in at],
    }  # fmt: skip


def _pounds(pence):
    """Pounds for the picture only, where a float is what JavaScript has anyway."""
    return pence / 100


def _cell(pence):
    return "not yet" if pence is None else pounds(pence)
