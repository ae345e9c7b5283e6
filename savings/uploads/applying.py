"""Writing the new rows of an upload as entries: one transaction and one act, with the rows that say so; and undoing it.

The rows are checked again in the transaction that writes them, so what is written is right when it is written; the
triggers of the ledger check it a third time.
"""

import polars as pl
from django.db import connection, transaction
from django.utils import timezone

from councils.acts import act
from councils.money import pounds
from councils.refusals import Refused
from councils.rights import rights_of
from savings import locks
from savings.actions import periods, rollups
from savings.actions.entries import COPIED
from savings.actions.ledger_words import ledger_words
from savings.models import Entry, Upload, UploadApplied, UploadUndone

from .checking import BAD, DUPLICATE, NEW, SAME, Checked, check
from .files import Rows
from .keeping import keep_checked

LOCK = 0x75706C  # "upl": the class of our advisory locks
AT_ONCE = 20_000  # rows a statement carries
#: Columns of the entry, how the frame calls them, and the type PostgreSQL is told.
WRITTEN = (
    ("partnership_id", "partnership_id", "bigint"), ("scheme_id", "scheme_id", "bigint"),
    ("series", "series", "text"), ("kind", "kind", "text"), ("benefit_class", "class", "text"),
    ("recurrence", "recurrence", "text"), ("year", "financial_year", "smallint"), ("month", "month", "smallint"),
    ("posted_quarter", "posted_quarter", "date"), ("amount_pence", "amount", "bigint"),
    ("budget_reduction_id", "budget_id", "bigint"), ("note", "note", "text"), ("ledger_code", "ledger_code", "text"),
    ("document_ref", "document_ref", "text"), ("external_key", "external_key", "text"),
    ("upload_row", "row", "integer"),
)  # fmt: skip
INSERT = f"""
INSERT INTO savings_entry (act_id, council_id, recorded_by_id, recorded_at, {", ".join(name for name, _, _ in WRITTEN)})
SELECT %s, %s, %s, %s, * FROM unnest({", ".join(f"%s::{kind}[]" for _, _, kind in WRITTEN)})
"""
GONE = "It was applied already, perhaps by a colleague. Open its page to see what was written."


def apply(*, upload: Upload, found: Rows, by, at, good_rows=False, progress=None) -> UploadApplied:
    """Write the new rows of `upload`, whose file says `found`; returns the `UploadApplied`. Raises `Refused`.

    Unless `good_rows`, nothing is written when one row is bad; duplicates are passed over. `progress(done, total)` is
    told of rows.
    """
    with transaction.atomic(), ledger_words():
        locks.wait(
            LOCK, upload.council_id
        )  # two uploads of one council, one after the other: each sees the other's rows
        if not rights_of(by.pk, on=timezone.localdate(at)).may_record(upload.council_id):
            raise Refused(f"You cannot record for {upload.council.short_name}.")
        if UploadApplied.objects.filter(upload=upload).exists():
            raise Refused(GONE)
        checked = check(found, council=upload.council, at=at)
        _refuse(checked, good_rows)
        subject = f"upload:{upload.public_id}"
        with act(by=by, at=at, verb="uploaded", subject=subject) as this:
            _write(this, upload.council, checked.new, by, at, progress)
            done = UploadApplied.objects.create(
                act=this, upload=upload, council=upload.council, applied_by=by, applied_at=at, sha256=upload.sha256,
                checked_sha256=keep_checked(checked), good_rows=good_rows, new=checked.count(NEW),
                same=checked.count(SAME), duplicate=checked.count(DUPLICATE), bad=checked.count(BAD),
                new_pence=checked.pence(NEW),
            )  # fmt: skip
        rollups.ring()
    return done


def _refuse(checked: Checked, good_rows):
    if (bad := checked.count(BAD)) and not good_rows:
        raise Refused(f"Nothing was written: {bad} of the rows cannot be. Put them right, or apply the good rows only.")
    if not checked.count(NEW):
        raise Refused("There is nothing to write: the ledger says all of it already.")


def _write(this, council, rows: pl.DataFrame, by, at, progress):
    quarters = {
        pk: periods.open_quarter(partnership=pk, council=council, at=at)
        for pk in rows["partnership_id"].unique().to_list()
    }
    rows = rows.with_columns(
        posted_quarter=pl.col("partnership_id").replace_strict(quarters, return_dtype=pl.Date),
        **{name: pl.when(pl.col(name) == "").then(None).otherwise(pl.col(name)) for name in ("class", "external_key")},
    )
    with connection.cursor() as cursor:
        for begin in range(0, rows.height, AT_ONCE):
            part = rows.slice(begin, AT_ONCE)
            cursor.execute(
                INSERT, [this.pk, council.pk, by.pk, at, *(part[column].to_list() for _, column, _ in WRITTEN)]
            )
            if progress:
                progress(min(begin + AT_ONCE, rows.height), rows.height)


@transaction.atomic
def undo(*, applied: UploadApplied, reason, by, at) -> UploadUndone:
    """Reverse every entry of an upload that is not reversed yet, while none of its quarters is closed."""
    if not rights_of(by.pk, on=timezone.localdate(at)).may_record(applied.council_id):
        raise Refused(f"You cannot record for {applied.council.short_name}.")
    if not reason.strip():
        raise Refused("Say why the upload is undone.", field="reason")
    if UploadUndone.objects.filter(applied=applied).exists():
        raise Refused("This upload is undone already.")
    written = Entry.objects.filter(act=applied.act_id, upload_row__isnull=False, reversed_by__isnull=True)
    entries = list(written.order_by("pk"))
    if not entries:
        raise Refused("Every entry of this upload is reversed already.")
    _refuse_closed(applied, entries)
    posted = {
        pk: periods.open_quarter(partnership=pk, council=applied.council, at=at)
        for pk in {entry.partnership_id for entry in entries}
    }
    subject = f"upload:{applied.upload.public_id}"
    with ledger_words(), act(by=by, at=at, verb="undid an upload", subject=subject, reason=reason.strip()) as this:
        Entry.objects.bulk_create(
            (
                Entry(
                    **{field: getattr(entry, field) for field in COPIED}, act=this, reverses=entry, note=reason.strip(),
                    amount_pence=-entry.amount_pence, posted_quarter=posted[entry.partnership_id], recorded_by=by,
                    recorded_at=at,
                )
                for entry in entries
            ),
            batch_size=AT_ONCE,
        )  # fmt: skip
        undone = UploadUndone.objects.create(
            act=this, applied=applied, council=applied.council, undone_by=by, undone_at=at, reason=reason.strip(),
            reversed=len(entries),
        )  # fmt: skip
    rollups.ring()
    return undone


def _refuse_closed(applied, entries):
    closed = periods.closed_quarters(applied.council_id)
    held = [entry for entry in entries if (entry.partnership_id, entry.posted_quarter) in closed]
    if held:
        pence = sum(entry.amount_pence for entry in held)
        raise Refused(
            f"{len(held)} of its entries ({pounds(pence)}) are in a quarter that is closed. Reverse those you mean one "
            "by one: each becomes an adjustment."
        )
