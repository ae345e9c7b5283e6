"""A table of figures as plain cells, for templates/savings/figures/_table.html: text, where it opens, a note."""

from typing import NamedTuple


class Cell(NamedTuple):
    text: str
    url: str = ""
    note: str = ""


class FigureTable(NamedTuple):
    caption: str
    headers: list[str]
    rows: list[list[Cell]]  # the first cell names the row
    footer: list[Cell] | None = None
    stacked: bool = False  # each row a small card on a phone
    words: int = 1  # how many columns, from the first, hold words and not amounts

    @property
    def labelled_rows(self):
        """Each row as (header, cell) pairs, because a card needs its labels."""
        return [list(zip(self.headers, row, strict=True)) for row in self.rows]

    @property
    def labelled_footer(self):
        return list(zip(self.headers, self.footer or [], strict=True))
