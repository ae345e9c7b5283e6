"""The arrangement: services, partnerships, their members, what they promised, and what was said of them in public."""

from .arrangement import Audience, Ending, Membership, Partnership, PartnershipService, Purpose, Resolution, Vehicle
from .business_case import Approval, Baseline, BusinessCase, PlannedCharge, PlannedLine
from .case_step import CaseStep, Volume
from .change import Change, ChangeAnswer, ChangedMember
from .claiming import Claiming, ClaimingAnswer
from .leaving import LeavingCost, LeavingNotice, LeavingTerms
from .offer import MembershipOffer, OfferAnswer
from .public_claim import MapTotal, PublicClaim
from .service import Service

__all__ = [
    "Approval",
    "Audience",
    "Baseline",
    "BusinessCase",
    "CaseStep",
    "Change",
    "ChangeAnswer",
    "ChangedMember",
    "Claiming",
    "ClaimingAnswer",
    "Ending",
    "LeavingCost",
    "LeavingNotice",
    "LeavingTerms",
    "MapTotal",
    "Membership",
    "MembershipOffer",
    "OfferAnswer",
    "Partnership",
    "PartnershipService",
    "PlannedCharge",
    "PlannedLine",
    "PublicClaim",
    "Purpose",
    "Resolution",
    "Service",
    "Vehicle",
    "Volume",
]
