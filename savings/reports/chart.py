"""The picture of the report, drawn as SVG by us: no browser, the same bytes each time.

Shown where the page shows Plotly, from the same points, colours and dashes. Lines differ by dash and marker as well as
by colour; the words that stand in for the picture are `savings.charts.against_the_promise` and the table of years.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from councils.money import short_pounds
from councils.years import FinancialYear
from savings.charts import CURVES
from savings.reporting.amounts import Point
from savings.scales import ticks

WIDTH, HEIGHT = 680, 300
LEFT, RIGHT, TOP, BOTTOM = 66, 14, 40, 30
DASHES = {"dash": "7 4", "dot": "2 3", "longdash": "12 4", "solid": ""}
INK, LINE, FONT = "#47534f", "#d3ddd9", "Source Sans 3"


def cumulative(points: Sequence[Point]) -> str:
    """The cumulative curves of `points` (at least one) as an SVG document; amounts are net pence."""
    values = [value for point in points for value in point[1:] if value is not None]
    at = ticks(min([0, *values]), max([0, *values]))
    x = [LEFT + _share(place, len(points)) * (WIDTH - LEFT - RIGHT) for place in range(len(points))]

    def y(pence: int) -> float:
        return TOP + (at[-1] - pence) / (at[-1] - at[0]) * (HEIGHT - TOP - BOTTOM)

    parts = [*_axis(at, y), *_years(points, x)]
    for _name, key, colour, dash, marker, width in CURVES:
        drawn = [
            (x[place], y(pence)) for place, point in enumerate(points) if (pence := getattr(point, key)) is not None
        ]
        parts += _curve(drawn, colour, DASHES[dash], marker, width)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="{FONT}" font-size="13">{"".join([*parts, *_legend()])}</svg>\n'
    )


def _share(place: int, of: int) -> float:
    """Where a point stands between the axes: half a step in from either end."""
    return (place + 0.5) / of


def _axis(at: list[int], y) -> list[str]:
    parts = []
    for pence in at:
        height = _n(y(pence))
        stroke = f'stroke="{INK}" stroke-width="1.2"' if pence == 0 else f'stroke="{LINE}" stroke-width="0.8"'
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height}" y2="{height}" {stroke}/>')
        parts.append(_text(LEFT - 8, y(pence) + 4, short_pounds(pence), anchor="end"))
    return parts


def _years(points: Sequence[Point], x: list[float]) -> list[str]:
    """Labels under the axis, as many as there is room for, always with the last."""
    every = -(-len(points) // 10)
    shown = [place for place in range(len(points)) if (len(points) - 1 - place) % every == 0]
    return [_text(x[place], HEIGHT - 8, FinancialYear(points[place].year).label, anchor="middle") for place in shown]


def _curve(drawn: list[tuple[float, float]], colour: str, dash: str, marker: str, width: float) -> list[str]:
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in drawn)
    style = f'fill="none" stroke="{colour}" stroke-width="{width}"' + (f' stroke-dasharray="{dash}"' if dash else "")
    return [f'<polyline points="{path}" {style}/>', *(_marker(x, y, marker, colour) for x, y in drawn)]


def _marker(x: float, y: float, marker: str, colour: str) -> str:
    fill = "#ffffff" if marker.endswith("-open") else colour
    style = f'fill="{fill}" stroke="{colour}" stroke-width="1.6"'
    if marker.startswith("square"):
        return f'<rect x="{_n(x - 3.5)}" y="{_n(y - 3.5)}" width="7" height="7" {style}/>'
    if marker.startswith("diamond"):
        corners = ((x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y))
        return f'<polygon points="{" ".join(f"{_n(a)},{_n(b)}" for a, b in corners)}" {style}/>'
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="4" {style}/>'


def _legend() -> list[str]:
    parts = []
    for place, (name, _key, colour, dash, marker, width) in enumerate(CURVES):
        x, y = LEFT + place * 130, 14
        parts += _curve([(x, y), (x + 34, y)], colour, DASHES[dash], "none", width)[:1]
        parts += [_marker(x + 17, y, marker, colour), _text(x + 42, y + 4, name)]
    return parts


def _text(x: float, y: float, words: str, *, anchor: str = "start") -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" fill="{INK}" text-anchor="{anchor}">{escape(words)}</text>'


def _n(value: float) -> str:
    """A coordinate with one decimal place: enough for paper, and the same text on every machine."""
    return f"{value:.1f}"
