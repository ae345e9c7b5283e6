"""Who: councils, people, and the acts that every row in every app carries."""

from .act import Act, Event, Sealed, Stream, Written
from .checkpoint import Checkpoint, CheckpointMail, CheckpointWish, SchemaRecord, Verification
from .council import BudgetGap, Council, CouncilAlias, Outturn, Succession
from .invitation import Invitation, InvitationLink, InvitationOutcome
from .person import Person, Role, User
from .reorganisation import (
    PlannedCouncil,
    PlannedPassing,
    Reorganisation,
    ReorganisationStep,
    ReorganisationVersion,
)

__all__ = [
    "Act",
    "BudgetGap",
    "Checkpoint",
    "CheckpointMail",
    "CheckpointWish",
    "Council",
    "CouncilAlias",
    "Event",
    "Invitation",
    "InvitationLink",
    "InvitationOutcome",
    "Outturn",
    "Person",
    "PlannedCouncil",
    "PlannedPassing",
    "Reorganisation",
    "ReorganisationStep",
    "ReorganisationVersion",
    "Role",
    "SchemaRecord",
    "Sealed",
    "Stream",
    "Succession",
    "User",
    "Verification",
    "Written",
]
