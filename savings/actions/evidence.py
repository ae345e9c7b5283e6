"""Attaching documents to entries, and withdrawing them. A withdrawal is a row, like everything else."""

from django.db import transaction

from councils.acts import act
from councils.refusals import Refused
from savings.models import Document, Entry, Support

from . import rollups


def add(this, *, entry, files, by, at):
    """Within the act `this`: keep `files` (`savings.documents.StoredFile`) as documents supporting `entry`."""
    for file in files:
        _support(this, entry=entry, document=keep(this, entry=entry, file=file, by=by, at=at)).save()


def keep(this, *, entry, file, by, at):
    """Within the act `this`: a `Document` of the council and partnership of `entry`."""
    return Document.objects.create(
        act=this,
        partnership_id=entry.partnership_id,
        council_id=entry.council_id,
        title=file.title or file.name,
        file_name=file.name,
        media_type=file.media_type,
        size_bytes=file.size,
        sha256=file.sha256,
        uploaded_by=by,
        uploaded_at=at,
    )


def prove(this, *, entries, document):
    """Within the act `this`: let a `document` kept before support several entries of its council and partnership."""
    Support.objects.bulk_create(_support(this, entry=entry, document=document) for entry in entries)


def _support(this, *, entry, document):
    return Support(
        act=this,
        entry=entry,
        document=document,
        partnership_id=entry.partnership_id,
        council_id=entry.council_id,
    )


@transaction.atomic
def attach(*, entry, files, by, at, also=()):
    """Support an entry already recorded, and those `also` shown by it, such as a year's months, with more documents.

    A document is kept once however many it supports; `also` are of those `beside` the entry.
    """
    if not files:
        raise Refused("Choose a file.", field="files")
    if entry.reverses_id or Entry.objects.filter(reverses=entry).exists():
        raise Refused("This entry is reversed: there is nothing left to prove.")
    others = list(beside(entry).filter(pk__in=[each.pk for each in also]))
    if len(others) < len(also):
        raise Refused("One of the other months is reversed by now, or of another saving. Choose again.", field="also")
    with act(by=by, at=at, verb="documented", subject=f"entry:{entry.public_id}") as this:
        for file in files:
            prove(this, entries=[entry, *others], document=keep(this, entry=entry, file=file, by=by, at=at))
    rollups.ring()


def beside(entry):
    """The standing entries of the same line as `entry`, in order: the other months of its member, scheme and year."""
    return (
        Entry.objects.filter(
            council=entry.council_id, partnership=entry.partnership_id, scheme=entry.scheme_id, year=entry.year,
            series=entry.series, kind=entry.kind, benefit_class=entry.benefit_class,
            reverses__isnull=True, reversed_by__isnull=True,
        )
        .exclude(pk=entry.pk)
        .order_by("month", "pk")
    )  # fmt: skip


@transaction.atomic
def cover(*, entries, file, by, at):
    """Support several entries of one council and partnership with one document, such as a year's months; returns it."""
    first = entries[0]
    if {(entry.council_id, entry.partnership_id) for entry in entries} != {(first.council_id, first.partnership_id)}:
        raise Refused("One document supports entries of one council and partnership.", field="files")
    with act(by=by, at=at, verb="documented", subject=f"{len(entries)} entries") as this:
        document = keep(this, entry=first, file=file, by=by, at=at)
        Support.objects.bulk_create(_support(this, entry=entry, document=document) for entry in entries)
    rollups.ring()
    return document


@transaction.atomic
def withdraw(*, support, by, at, reason):
    """The document no longer supports the entry; its grade follows."""
    if not reason.strip():
        raise Refused("Say why the document is withdrawn.", field="reason")
    if Support.objects.filter(withdraws=support).exists():
        raise Refused("That document is already withdrawn.")
    with act(by=by, at=at, verb="withdrew", subject=f"support:{support.public_id}", reason=reason) as this:
        withdrawal = Support.objects.create(
            act=this,
            entry_id=support.entry_id,
            document_id=support.document_id,
            partnership_id=support.partnership_id,
            council_id=support.council_id,
            withdraws=support,
        )
    rollups.ring()
    return withdrawal
