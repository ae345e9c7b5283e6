"""How somebody who trusts nobody can check the report: control totals, digests of files, heads of streams."""

from councils.money import pounds

from ..blocks import Column, cell, number, section, table, text
from ..content import Content
from ..controls import Control
from .spoken import moment


def checking(content: Content, controls: list[Control], files: dict[str, str]) -> dict:
    """`files` are the attached files' names and their SHA-256."""
    return section(
        "How to check this report",
        text(
            "The figures were read from roll-ups and the rows from the ledger, in one transaction that saw one state. "
            "Before this report was set, every control total was compared in every year, members were summed to the "
            "partnership and charges were cancelled; had one penny differed, there would be no report."
        ),
        table(
            "Control totals, all years on record, those ahead included",
            (Column("Control", 2.6), number("By the figures"), number("By the rows")),
            [[c.what, _amount(c, c.figure), _amount(c, c.rows)] for c in controls],
        ),
        text("The rows are attached to this PDF, to be opened with any spreadsheet."),
        table(
            "Attached files",
            (Column("File"), Column("SHA-256", 2)),
            [[name, cell("", code=sha)] for name, sha in files.items()],
        ),
        text(
            f"The ledger as at {moment(content.taken.as_at)}: the newest event of each stream, its number and its "
            "hash. Each hash covers all events before it. Keep this page: whoever holds it can tell if anything before "
            "that moment is changed afterwards."
        ),
        table(
            "Heads of the streams",
            (Column("Stream", 0.7), number("Events", 0.4), Column("Hash of the newest event", 2.2)),
            [
                [head.key, f"{head.sequence:,}", cell("" if head.hash else "no event yet", code=head.hash)]
                for head in content.taken.heads
            ],
        ),
        *_checkpoint(content),
        text(
            "To repeat it: manage.py verify_ledger recomputes every digest, chain and balance, and manage.py roll_up "
            "--check compares every figure with the ledger."
        ),
    )


def _checkpoint(content: Content) -> list[dict]:
    """The last checkpoint made before the snapshot: what the report can be held against."""
    found = content.taken.checkpoint
    if found is None:
        return [text("No checkpoint had been made when this report was.")]
    return [
        text(
            f"The last checkpoint before it was signed at {moment(found.moment)}. Whoever kept that checkpoint, or "
            "this page, can have the ledger compared with it: "
            "manage.py verify_ledger --checkpoint FILE --key FINGERPRINT."
        ),
        table(
            "The last checkpoint",
            (Column("Of it"), Column("Hexadecimal", 2.6)),
            [
                ["Root over the heads of all streams", cell("", code=found.root)],
                ["Fingerprint of the key that signed it", cell("", code=found.key)],
            ],
        ),
    ]


def _amount(control: Control, value: int) -> str:
    return pounds(value) if control.pence else f"{value:,}"
