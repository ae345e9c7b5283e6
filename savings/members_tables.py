"""The tables of a partnership's members over time."""

from partnerships.dates import dated
from partnerships.shares import percent
from savings.cells import Cell, FigureTable


def history(belonging, *, open_to_reader):
    """Every row of every membership, member by member; shares for the members' own people only."""
    rows = [
        [
            Cell(row.council.name, row.council.get_absolute_url()),
            Cell(dated(row.starts_on, row.starts_precision)),
            Cell(dated(row.ends_on, row.ends_precision) or "no end"),
            Cell(row.get_role_display() + (", host" if row.host else "")),
            *([Cell(percent(row.cost_share_bps)), Cell(percent(row.gain_share_bps))] if open_to_reader else []),
        ]
        for each in belonging
        for row in each.rows
    ]
    headers = ["Member", "From", "Until", "Role", *(["Cost share", "Gain share"] if open_to_reader else [])]
    return FigureTable("Who was a member, and on which terms", headers, rows, words=4, stacked=True)


def day_by_day(stretches, keys):
    """What the shares come to from each change to the next; `keys`: how the cost is shared, by first day, where a
    change said so."""
    rows = [
        [
            Cell(f"{each.starts_on:%-d %B %Y}"), Cell(f"{each.ends_on:%-d %B %Y}" if each.ends_on else "no end"),
            Cell(", ".join(sorted(row.council.short_name for row in each.rows))),
            Cell(each.cost.words), Cell(keys.get(each.starts_on, "not recorded")), Cell(each.gain.words),
        ]
        for each in stretches
    ]  # fmt: skip
    headers = ["From", "Until", "Members", "Cost shares", "Shared by", "Gain shares"]
    return FigureTable("What the shares come to", headers, rows, words=3, stacked=True)
