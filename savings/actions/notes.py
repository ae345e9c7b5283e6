"""Writing a note about something. It is never changed: a correction is a note that replaces it, and both stay."""

import uuid

from django.db import transaction

from councils.acts import act
from councils.refusals import Refused
from savings.models import Note

from .ledger_words import ledger_words

LONGEST = 5_000  # characters


@transaction.atomic
def write(*, by, at, council, partnership, about, text, replaces=None, public_id=None, **thing):
    """A `Note` of `council` about `thing`: nothing for a partnership, else what `Note` names for that kind of thing.

    `public_id` is given by a form that may be sent twice: the second time raises IntegrityError. Raises `Refused`.
    """
    text = text.strip()
    if not text:
        raise Refused("Write the note.", field="text")
    if len(text) > LONGEST:
        raise Refused(f"A note has {LONGEST:,} characters at most. This one has {len(text):,}.", field="text")
    if replaces and Note.objects.filter(replaces=replaces).exists():
        raise Refused("That note has been corrected already. Read the newer one first.", field="text")
    verb = "corrected a note" if replaces else "noted"
    with ledger_words(), act(by=by, at=at, verb=verb, subject=f"partnership:{partnership.public_id}") as this:
        return Note.objects.create(
            act=this, council=council, partnership=partnership, about=about, text=text, replaces=replaces,
            written_by=by, written_at=at, public_id=public_id or uuid.uuid4(), **thing,
        )  # fmt: skip
