"""Notes about one thing, newest last; what a later note corrected stays to be read beneath it."""

from typing import NamedTuple

from savings.models import Note

FOLDED_FROM = 400  # characters


class Noted(NamedTuple):
    note: Note
    corrected: list[Note]  # newest first

    @property
    def long(self):
        return len(self.note.text) > FOLDED_FROM


class Notes(NamedTuple):
    about: str
    key: str  # as the address of the notes page spells it
    rows: list[Noted]


def notes_about(about: str, key: str, **thing) -> Notes:
    """Of the thing named as `Note` names it (`entry=…`, `document=…`), or by `partnership`, `quarter_of`, `quarter`.

    One query; only members of the partnership are shown any.
    """
    found = list(
        Note.objects.filter(about=about, **thing).select_related("written_by", "council", "replaces").order_by("pk")
    )
    by_id = {note.pk: note for note in found}
    replaced = {note.replaces_id for note in found if note.replaces_id}
    return Notes(about, key, [Noted(note, _before(note, by_id)) for note in found if note.pk not in replaced])


def _before(note, by_id):
    chain = []
    while note.replaces_id and (note := by_id.get(note.replaces_id)):
        chain.append(note)
    return chain
