"""The ledger: what was promised, banked, evidenced, signed off and rolled up."""

from .baseline import BaselineSource
from .budget import BudgetCorrection, BudgetTotal, with_amounts
from .calendar import ClosingDays, Reminder, ReminderChoice, YearTurned
from .charge import Charge
from .confirmation import (
    Confirmation,
    ConfirmationAnswer,
    ConfirmationLine,
    ConfirmationLink,
    ConfirmationRequest,
    ConfirmationRevocation,
    Contact,
)
from .decision import Decision
from .dispute import Dispute, DisputeOutcome, Distinction
from .double_claim import ClaimLine, DistinctionAcross, DoubleClaim
from .evidence import Document, Support
from .job import Heartbeat, Job, Report, ReportFile
from .ledger import BudgetReduction, Entry, EntryState
from .members_letter import MembersLetter
from .parameter import Deflator, DeflatorRelease, DiscountRate, OptimismBias, Study
from .quality import Indicator, Reading
from .recurring import SavingEnded
from .returns import Return
from .rollup import Attempt, Mark, PastFigures, Rollup
from .scheme import IndicatorWaiver, Scheme, SchemeStatus, SchemeVersion
from .together import Cover, Note, Notice, NoticeRead, Published, Recounted, Seen
from .upload import Upload, UploadApplied, UploadUndone

__all__ = [
    "Attempt",
    "BaselineSource",
    "BudgetCorrection",
    "BudgetReduction",
    "BudgetTotal",
    "Charge",
    "ClaimLine",
    "ClosingDays",
    "Confirmation",
    "ConfirmationAnswer",
    "ConfirmationLine",
    "ConfirmationLink",
    "ConfirmationRequest",
    "ConfirmationRevocation",
    "Contact",
    "Cover",
    "Decision",
    "Deflator",
    "DeflatorRelease",
    "DiscountRate",
    "Dispute",
    "DisputeOutcome",
    "Distinction",
    "DistinctionAcross",
    "Document",
    "DoubleClaim",
    "Entry",
    "EntryState",
    "Heartbeat",
    "Indicator",
    "IndicatorWaiver",
    "Job",
    "Mark",
    "MembersLetter",
    "Note",
    "Notice",
    "NoticeRead",
    "OptimismBias",
    "PastFigures",
    "Published",
    "Reading",
    "Recounted",
    "Reminder",
    "ReminderChoice",
    "Report",
    "ReportFile",
    "Return",
    "Rollup",
    "SavingEnded",
    "Scheme",
    "SchemeStatus",
    "SchemeVersion",
    "Seen",
    "Study",
    "Support",
    "Upload",
    "UploadApplied",
    "UploadUndone",
    "YearTurned",
    "with_amounts",
]
