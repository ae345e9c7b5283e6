"""Makes any text fit to be set: people write what they like, and PDF/A refuses a glyph that no font has.

Texts reach the typesetter as data, never as markup, so nothing in them is carried out. What is left to do is here:
a character the fonts lack is named instead of printed, and a word longer than any column may be broken.
"""

import re
from typing import Any

#: Half-open ranges of the code points that `fonts/` has and prints; tests/savings/reports sets every one of them.
PRINTED = (
    (0x20, 0x7F), (0xA0, 0xAD), (0xAE, 0x180), (0x192, 0x193), (0x218, 0x21C), (0x386, 0x38B), (0x38C, 0x38D),
    (0x38E, 0x3A2), (0x3A3, 0x3CF), (0x400, 0x460), (0x1E80, 0x1E86), (0x1EA0, 0x1EFA), (0x200B, 0x200C),
    (0x2010, 0x201F), (0x2020, 0x2023), (0x2026, 0x2027), (0x202F, 0x2031), (0x2032, 0x2034), (0x2039, 0x203B),
    (0x2044, 0x2045), (0x20AC, 0x20AD), (0x2190, 0x2194), (0x2212, 0x2213), (0x2713, 0x2714),
)  # fmt: skip
LONGEST_WORD, PIECE = 26, 13  # characters
MAY_BREAK = "\u200b"
UNWANTED = re.compile("[^" + "".join(f"\\U{low:08x}-\\U{high - 1:08x}" for low, high in PRINTED) + "]")


def printable(value: Any) -> Any:
    """`value`, or everything in a list or a dictionary, with every text on one line and every other glyph named.

    For instance `\N{SNOWMAN}` becomes `[U+2603]`. The attached rows keep what was written.
    """
    if isinstance(value, str):
        return UNWANTED.sub(lambda found: f"[U+{ord(found.group()):04X}]", " ".join(value.split()))
    if isinstance(value, dict):
        return {key: printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable(each) for each in value]
    return value


def written(text: str, *, most: int = 240) -> str:
    """What a person wrote, cut after `most` characters, its longest words free to break."""
    text = printable(text)
    if len(text) > most:
        text = text[: most - 1].rstrip() + "…"
    return re.sub(rf"\S{{{LONGEST_WORD + 1},}}", lambda word: _broken(word.group()), text)


def _broken(word: str) -> str:
    return MAY_BREAK.join(word[start : start + PIECE] for start in range(0, len(word), PIECE))
