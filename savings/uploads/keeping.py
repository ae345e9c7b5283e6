"""Keeping a file and what was found in it, by digest, and reading both again."""

import io
from typing import NamedTuple

import polars as pl
from django.conf import settings
from django.utils import timezone

from councils.refusals import Refused
from councils.rights import rights_of
from savings.documents import clean_name, path_of
from savings.models import Upload
from savings.reports.keeping import keep

from .apart import read_apart
from .checking import BAD, DUPLICATE, LEFT_OUT, NEW, PROBLEM, SAME, Checked, check
from .entry_columns import COLUMNS
from .files import NotRead, Rows

LARGEST = 20 * 1024 * 1024  # bytes, sent by the web
MOST_ON_THE_WEB = 50_000


class Sent(NamedTuple):
    """An upload just checked; `found` and `checked` are None where the file was refused whole (`refusal`)."""

    upload: Upload
    found: Rows | None = None
    checked: Checked | None = None
    refusal: NotRead | None = None


def send(content: bytes, *, name, council, by, at, source=Upload.Source.FILE, allow_extra=False,
         most=MOST_ON_THE_WEB, roomy=False) -> Sent:  # fmt: skip
    """Keep a file, check it for `council`, and note what was found; nothing reaches the ledger. Raises `Refused`."""
    if not rights_of(by.pk, on=timezone.localdate(at)).may_record(council.pk):
        raise Refused(f"You cannot record for {council.short_name}.", field="council")
    if not content:
        raise Refused("The file is empty. Choose another.", field="file")
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    facts = {
        "council": council, "sent_by": by, "sent_at": at, "source": source, "name": clean_name(name),
        "sha256": keep(content), "size_bytes": len(content), "allow_extra": allow_extra,
    }  # fmt: skip
    try:
        found = read_apart(
            path_of(facts["sha256"]), COLUMNS, most=most, allow_extra=allow_extra, roomy=roomy
        )  # fmt: skip
    except NotRead as refusal:
        said = "\n".join(message for _, _, message in refusal.problems)
        return Sent(Upload.objects.create(**facts, refused=said), refusal=refusal)
    checked = check(found, council=council, at=at)
    upload = Upload.objects.create(
        **facts, notes="\n".join(found.notes), checked_sha256=keep_checked(checked), new_pence=checked.pence(NEW),
        **{each: checked.count(each) for each in (NEW, SAME, DUPLICATE, BAD, LEFT_OUT)},
    )  # fmt: skip
    return Sent(upload, found, checked)


def again(upload: Upload, *, most=MOST_ON_THE_WEB, roomy=False) -> Rows:
    """The rows of a file that was sent earlier, read anew."""
    return read_apart(
        path_of(upload.sha256), COLUMNS, most=most, allow_extra=upload.allow_extra, roomy=roomy
    )  # fmt: skip


def keep_checked(checked: Checked) -> str:
    """Keep the checked rows, each with its problems; returns the digest to read them again by."""
    said = checked.problems.group_by("row", maintain_order=True).agg(problems=pl.struct("column", "code", "message"))
    out = io.BytesIO()
    checked.rows.join(said, on="row", how="left", maintain_order="left").write_parquet(out, compression="zstd")
    return keep(out.getvalue())


def checked_rows(sha256: str) -> Checked:
    """What `keep_checked` kept."""
    frame = pl.read_parquet(path_of(sha256).read_bytes())
    said = frame.select("row", "problems").drop_nulls().explode("problems").unnest("problems")
    return Checked(frame.drop("problems"), said.select(*PROBLEM) if said.height else pl.DataFrame(schema=PROBLEM))
