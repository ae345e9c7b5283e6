"""Who: councils, people, and the acts that every row in every app carries."""

from .act import Act, Event, Sealed, Stream, Written
from .council import BudgetGap, Council, CouncilAlias, Outturn, Succession
from .person import Person, Role, User

__all__ = [
    "Act",
    "BudgetGap",
    "Council",
    "CouncilAlias",
    "Event",
    "Outturn",
    "Person",
    "Role",
    "Sealed",
    "Stream",
    "Succession",
    "User",
    "Written",
]
