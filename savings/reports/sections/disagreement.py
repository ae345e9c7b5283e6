"""What is claimed and not counted, what members disagree about, and what was taken back."""

from councils.money import pounds

from ..blocks import Column, cut, number, section, table, text
from ..content import Content
from ..exclusions import WHY
from ..printable import written
from .spoken import numbers, period, short_day, year


def disagreement(content: Content) -> dict:
    return section(
        "Not counted, disputed and reversed",
        text(
            "Claims that count as nothing stay in the ledger and in the rows. The rules are applied to lines: all "
            "entries of one member, scheme, year, kind and class together."
        ),
        _excluded(content),
        *(text(f"{rule}: {WHY[rule]}") for rule in dict.fromkeys(each.rule for each in content.exclusions)),
        _distinct(content),
        _disputed(content),
        _reversed(content),
    )


def _excluded(content: Content) -> dict:
    schemes = {row.scheme_pk: row.scheme for row in content.entries}
    names = content.names

    def line(each) -> list[str]:
        instead = "–"
        if each.counts_instead:
            council, scheme = each.counts_instead
            instead = f"{written(names[council])}, {schemes[scheme]}"
        return [
            year(each.year),
            written(names[each.council]),
            written(schemes[each.scheme]),
            pounds(each.pence),
            each.rule,
            instead,
        ]

    columns = (
        Column("Year", 0.8),
        Column("Member", 1.6),
        Column("Scheme"),
        number("Claimed", 1.3),
        Column("Rule", 1.6),
        Column("Counted instead", 1.8),
    )
    shown, more = cut(content.exclusions)
    return table(
        f"Claimed and not counted{more}",
        columns,
        map(line, shown),
        small=True,
        empty="No claim is left out: claimed and counted are the same.",
    )


def _distinct(content: Content) -> dict | None:
    if not content.distinctions:
        return None
    columns = (
        Column("Year", 0.7),
        Column("One line", 1.6),
        Column("Other line", 1.6),
        Column("Found distinct by", 1.5),
        Column("Reason", 2.6),
    )
    return table(
        "Looked like one saving and were found to be two, so both count",
        columns,
        [
            [
                year(d.year),
                f"{d.council.short_name}, {d.scheme.reference}",
                f"{d.other_council.short_name}, {d.other_scheme.reference}",
                f"{written(d.decided_by.name)}, {short_day(d.decided_at)}",
                written(d.reason),
            ]
            for d in content.distinctions
        ],
        small=True,
    )


def _disputed(content: Content) -> dict:
    places, entries = numbers(content), {row.pk: row for row in content.entries}

    def line(dispute) -> list[str]:
        row = entries[dispute.entry_id]
        state = "Open: the amount is counted and shown as disputed"
        if hasattr(dispute, "ended"):
            ended = dispute.ended
            who = f"{written(ended.decided_by.name)}, {short_day(ended.decided_at)}"
            state = f"{ended.get_outcome_display()} by {who}: {written(ended.reason)}"
        who = f"{dispute.council.short_name}: {written(dispute.raised_by.name)}, {short_day(dispute.raised_at)}"
        return [
            f"{places[row.pk]:,}",
            pounds(row.pence),
            who,
            written(dispute.reason),
            state,
        ]

    columns = (
        number("Entry no.", 0.6),
        number("Amount", 1.1),
        Column("Disputed by", 1.5),
        Column("Reason", 2.4),
        Column("Outcome", 2.4),
    )
    shown, more = cut(content.disputes)
    return table(f"Disputes{more}", columns, map(line, shown), small=True, empty="No entry was ever disputed.")


def _reversed(content: Content) -> dict:
    places, by_id = numbers(content), {row.entry: row for row in content.banked}
    pairs = [(by_id[row.reverses], row) for row in content.banked if row.reverses]

    def line(pair) -> list[str]:
        original, reversal = pair
        return [
            f"{places[original.pk]:,}",
            f"{places[reversal.pk]:,}",
            f"{written(original.member)}, {written(original.scheme)}, {period(original)}",
            pounds(original.pence),
            pounds(reversal.pence),
            f"{written(reversal.recorded_by)}, {short_day(reversal.recorded_at)}",
            written(reversal.note),
        ]

    columns = (
        number("Entry no.", 0.6),
        number("Reversed by no.", 0.8),
        Column("Entry", 1.7),
        number("Amount", 1.1),
        number("Reversal", 1.1),
        Column("Reversed by", 1.3),
        Column("Reason", 2),
    )
    shown, more = cut(pairs)
    return table(
        f"Reversed entries: each pair comes to nothing{more}",
        columns,
        map(line, shown),
        small=True,
        empty="No banked entry was reversed.",
    )
