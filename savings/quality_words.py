"""Readings in words, as a table and as a chart: against the value before sharing and what is tolerated."""

from typing import NamedTuple

from councils.years import FinancialYear, Quarter
from savings.actions.schemes import current
from savings.models import Reading
from savings.models.typed import BenefitClass, Series

from .charts import Chart

DASHES = ("solid", "dot", "dashdot", "longdash", "dash")
COLOURS = ("#0b5d52", "#2c5fa8", "#b3540a", "#5a6663", "#7a3e8e")


def number(value):
    """A decimal without the zeros its column adds: 21.0000 is 21."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def measured(indicator, value):
    """`21 days`, `97.1%`."""
    return f"{number(value)}{'' if indicator.unit.startswith('%') else ' '}{indicator.unit}"


def state(indicator, reading):
    """`within what is tolerated`, or `worse than tolerated`."""
    return "worse than tolerated" if indicator.worse(reading.value) else "within what is tolerated"


def agreed(indicator):
    """`21 days before sharing; up to 25 is tolerated`."""
    side = "at least" if indicator.higher_is_better else "up to"
    return f"{measured(indicator, indicator.baseline)} before sharing; {side} {number(indicator.limit)} is tolerated"


class OfClaim(NamedTuple):
    worse: bool
    words: str


def of_claim(entry):
    """Whether quality held for the year and member of a cash-releasing claim; None for anything else. Three queries."""
    if entry.benefit_class != BenefitClass.CASH_RELEASING or entry.series != Series.BANKED or entry.reverses_id:
        return None
    indicator = current(entry.scheme).indicator
    if indicator is None:
        return OfClaim(False, "its scheme names no indicator.")
    year = FinancialYear(entry.year)
    readings = list(
        Reading.objects.filter(
            indicator=indicator, council=entry.council_id, replaced_by__isnull=True, quarter__gte=year.first_day,
            quarter__lt=year.end,
        ).order_by("quarter")
    )  # fmt: skip
    if not readings:
        return OfClaim(False, f"{indicator.name} was not read yet in {year.label}.")
    bad = [each for each in readings if indicator.worse(each.value)]
    said = (bad or readings)[-1]
    when = Quarter.containing(said.quarter).months_label
    words = f"{indicator.name} read {measured(indicator, said.value)} for {when}, {state(indicator, said)}."
    return OfClaim(bool(bad), words)


def chart(indicator, readings, *, name="quality-readings"):
    """Readings of all members by quarter; None without any."""
    if not readings:
        return None
    quarters = sorted({each.quarter for each in readings})
    labels = [Quarter.containing(quarter).label for quarter in quarters]
    members = list(dict.fromkeys(each.council for each in readings))
    values = {(each.council_id, each.quarter): each for each in readings}
    bad = sum(indicator.worse(each.value) for each in readings)
    lines = [
        _line(council.short_name, labels, [_at(values, council, quarter) for quarter in quarters], index)
        for index, council in enumerate(members)
    ]
    level = [
        ("Before sharing", indicator.baseline, "#5a6663", "dash"),
        ("Tolerated", indicator.limit, "#b3540a", "dot"),
    ]
    lines += [
        {"type": "scatter", "mode": "lines", "name": label, "x": labels, "y": [float(value)] * len(labels),
         "line": {"color": colour, "dash": dash, "width": 2}}
        for label, value, colour, dash in level
    ]  # fmt: skip
    return Chart(
        id=name,
        title="Readings against what is tolerated",
        sentence=f"{measured(indicator, indicator.baseline)} before sharing. {_said(bad, len(readings))}",
        figure={"data": lines, "layout": {"yaxis": {"title": {"text": indicator.unit}}}},
        caption=f"{indicator.name}, in {indicator.unit}",
        headers=["Quarter", *(council.short_name for council in members)],
        rows=[
            [label, *(_cell(indicator, values.get((council.pk, quarter))) for council in members)]
            for label, quarter in zip(labels, quarters, strict=True)
        ],
    )


def _said(bad, many):
    if not bad:
        return "Every reading is within what is tolerated." if many > 1 else "The reading is within what is tolerated."
    return f"{bad} of {many} readings {'is' if bad == 1 else 'are'} worse than tolerated."


def _line(name, labels, values, index):
    return {
        "type": "scatter", "mode": "lines+markers", "name": name, "x": labels, "y": values,
        "line": {"color": COLOURS[index % 5], "dash": DASHES[index % 5]}, "marker": {"symbol": index % 5},
    }  # fmt: skip


def _at(values, council, quarter):
    reading = values.get((council.pk, quarter))
    return float(reading.value) if reading else None


def _cell(indicator, reading):
    if reading is None:
        return "–"
    return f"{number(reading.value)}{', worse than tolerated' if indicator.worse(reading.value) else ''}"
