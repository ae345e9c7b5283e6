"""How a scheme is doing, as council trackers colour it: one pure function, and its rule in words to print beside it."""

from typing import NamedTuple


class Thresholds(NamedTuple):
    """Shares are whole percents of what was promised to date; scores run from 1 (will not happen) to 5 (certain)."""

    on_track_percent: int = 95
    at_risk_percent: int = 80
    on_track_score: int = 4
    at_risk_score: int = 3


class Rating(NamedTuple):
    colour: str  # "Blue", "Green", "Amber", "Red", "Grey"; or in words why there is none
    why: str

    @property
    def tag(self):
        """The tag's class; the words say the colour too."""
        return {"Blue": "govuk-tag--blue", "Green": "govuk-tag--green", "Amber": "govuk-tag--yellow",
                "Red": "govuk-tag--red"}.get(self.colour, "govuk-tag--grey")  # fmt: skip


AS_SET = Thresholds()
UNPROMISED = "No saving promised"
COLOURS = ("Blue", "Green", "Amber", "Red", "Grey", "Not rated", UNPROMISED)
BY_STATUS = {
    "delivered": Rating("Blue", "Delivered."),
    "withdrawn": Rating("Grey", "Withdrawn."),
    "undeliverable": Rating("Red", "Undeliverable; other funding replaced it."),
    "proposed": Rating("Not rated", "Not approved yet."),
}


def rag(status: str, promised: int, banked: int, score: int | None, by: Thresholds = AS_SET) -> Rating:
    """The `Rating` of a scheme. `promised` and `banked` are pence to date; nothing promised to date leaves the score,
    and a good one makes nothing green: neither what costs nor what is saved unasked is on track.

    The worse of the two decides: a scheme that banks on time and will not go on is at risk all the same.
    """
    if status in BY_STATUS:
        return BY_STATUS[status]
    share = banked * 100 // promised if promised > 0 else None
    said = (
        [f"{share}% of what was promised to date is banked"] if share is not None else ["no saving is promised to date"]
    )
    said += [f"delivery is scored {score}"] if score else ["delivery is not scored"]
    short = 0 if share is None or share >= by.on_track_percent else 1 if share >= by.at_risk_percent else 2
    doubt = 0 if not score or score >= by.on_track_score else 1 if score >= by.at_risk_score else 2
    words = " and ".join(said)
    if share is None and not doubt:
        return Rating(UNPROMISED, f"{words[:1].upper()}{words[1:]}.")
    return Rating(("Green", "Amber", "Red")[max(short, doubt)], f"{words[:1].upper()}{words[1:]}.")


def rule(by: Thresholds = AS_SET) -> list[tuple[str, str]]:
    """Each colour with what gives it, as printed."""
    good = f"a delivery score of at least {by.on_track_score}, if there is one"
    return [
        ("Blue", "delivered"),
        ("Green", f"at least {by.on_track_percent}% of what was promised to date is banked; {good}"),
        ("Amber", f"at least {by.at_risk_percent}% is banked; a score of at least {by.at_risk_score}, if there is one"),
        ("Red", f"less than {by.at_risk_percent}%, a score below {by.at_risk_score}, or undeliverable"),
        ("Grey", "withdrawn"),
        ("Not rated", "proposed and not approved yet"),
        (UNPROMISED, "no saving is promised to date, as of what only costs, and no score is low"),
    ]
