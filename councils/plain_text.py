"""What people type shows as what it is: nothing in it that cannot be seen or that turns the direction of what follows.

PostgreSQL refuses the same by CHECK constraints (savings/migrations/0013_plain_text.sql). Not covered: letters of other
alphabets that look like Latin ones in running text (a title may be in any script), several accents on one letter, and
look-alikes within the Latin letters and digits (O and 0, l and 1). Codes and references are held to Latin letters,
digits and a few marks, so in them a Cyrillic letter or a full-width digit is refused; `skeleton` tells when two codes
would be read as the same.
"""

import re
import unicodedata

#: Controls, bidirectional controls, zero-width and other invisible characters, tags, private use.
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\uf8ff\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
#: Two emoji joined into one, and flags of nations such as Wales, are made of characters that are refused elsewhere.
EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
JOINED = re.compile(f"(?<=[{EMOJI}\ufe0f])\u200d(?=[{EMOJI}])")
FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f")
CODE = re.compile(r"[A-Za-z0-9ÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜÝŴŶŸẀẂẄỲàáâäèéêëìíîïòóôöùúûüýÿŵŷẁẃẅỳ._/:&()+#' -]+")

HIDDEN = (
    "This holds a character that cannot be seen or that would change how the rest is read ({names}). "
    "Type it again instead of pasting it."
)
ONE_LINE = "Write this on one line."
ODD_CODE = "A code has letters, digits, spaces and . _ / : & ( ) + # ' - only. {character} ({name}) is none of them."


def normalised(text: str) -> str:
    """NFC, with line breaks as `\\n` and a tab as a space: what differs only in how it was typed becomes the same."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def why_not_plain(text: str, *, lines: bool) -> str:
    """In words why `text`, normalised, cannot be taken; empty when it can. `lines`: whether it may have several."""
    found = unseen(text)
    if found:
        return HIDDEN.format(names=", ".join(dict.fromkeys(map(named, found))))
    return ONE_LINE if not lines and "\n" in text else ""


def unseen(text: str) -> list[str]:
    """The characters of `text` that are refused, in order."""
    return UNSEEN.findall(JOINED.sub("", FLAG.sub("", text)))


def why_no_code(text: str) -> str:
    """In words why `text` is no code of a budget or scheme; empty when it is one, or empty."""
    for character in text:
        if not CODE.fullmatch(character):
            return ODD_CODE.format(character=f"“{character}”", name=named(character))
    return ""


def as_code(text: str) -> str:
    """`text` as a code is kept: normalised, one space at a time."""
    return " ".join(normalised(text).split())


def skeleton(code: str) -> str:
    """Two codes with one skeleton would be read as the same: case, accents and spaces are left out of it."""
    bare = (c for c in unicodedata.normalize("NFKD", code) if c != " " and not "\u0300" <= c <= "\u036f")
    return "".join(bare).lower()


def named(character: str) -> str:
    """`U+202E right-to-left override`, for somebody who has to find it."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'a control character').lower()}"
