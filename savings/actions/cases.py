"""Drafting a business case with the sources of its baselines: outturn lines, and documents kept as evidence."""

from django.db import transaction

from councils.acts import act
from councils.refusals import Refused
from partnerships.case_steps import case_words
from partnerships.drafting import drafting_councils, write
from partnerships.models import Baseline
from savings.models import BaselineSource, Document

SOURCES = ("outturn", "document", "file")


@transaction.atomic
def draft(*, partnership, by, at, baselines=(), **written):
    """Write the next version whole (see `partnerships.actions.draft`); returns it.

    A baseline may also hold `outturn` (an `Outturn` of the same amount), `document` (a `Document` of the partnership)
    or `file` (a `StoredFile`, kept as a document of the drafting council).
    """
    version = partnership.business_cases.count() + 1
    plain = [{name: value for name, value in row.items() if name not in SOURCES} for row in baselines]
    with case_words(), act(by=by, at=at, verb="drafted", subject=f"business case:{partnership.slug}/{version}") as this:
        case = write(this, partnership=partnership, by=by, at=at, baselines=plain, **written)
        held = {(each.council_id, each.year): each for each in Baseline.objects.filter(case=case)}
        for row in baselines:
            baseline = held[row["council"].pk, row["year"]]
            document = row.get("document") or (row.get("file") and _keep(this, case, row["file"], by, at))
            if row.get("outturn") or document:
                BaselineSource.objects.create(
                    act=this, baseline=baseline, partnership=partnership, council_id=baseline.council_id,
                    outturn=row.get("outturn"), document=document or None,
                )  # fmt: skip
    return case


def _keep(this, case, file, by, at):
    own = drafting_councils(case, by, at.date())
    if not own:
        raise Refused("A document is kept for a council that you record for.", field="baselines")
    return Document.objects.create(
        act=this, partnership=case.partnership, council=own[0], title=file.title or file.name, file_name=file.name,
        media_type=file.media_type, size_bytes=file.size, sha256=file.sha256, uploaded_by=by, uploaded_at=at,
    )  # fmt: skip
