"""What every result looks like: a status, its reasons, and (unless refused) figures.

Question: may this be shown as a figure? Leans on every method refusing through here, so that a refusal can never
carry a number along with it. A result that could be estimated in part keeps status `estimated`, has null for what
could not be, and says why in `reasons`.
"""

from collections.abc import Iterable, Mapping
from typing import Any


def estimated(figures: Mapping[str, Any], reasons: Iterable[str] = ()) -> dict[str, Any]:
    """An estimate. `reasons` is empty unless some figures in it are null for want of data."""
    return {"status": "estimated", "reasons": list(reasons), **figures}


def refused(reasons: Iterable[str]) -> dict[str, Any]:
    """A refusal: every reason, in the order of the method's table, and nothing else."""
    return {"status": "refused", "reasons": list(reasons)}
