"""What waits for somebody, as cards of the start page: what it is, how many, the first few, and where to go."""

from councils.rights import AUDITOR, LEAD, RECORDING

from .closing import for_attesting, for_closing
from .ending import for_ending
from .leading import for_leads
from .need import Item, Need
from .overseeing import for_administrators, for_auditors
from .reading import corrected
from .recording import for_confirming, for_recorders
from .schemes import for_schemes

__all__ = ["Item", "Need", "needs_of"]


def needs_of(person, rights, today):
    """What waits, most pressing first, for every role the person holds; nothing that is at nought."""
    found = [
        *corrected(),
        *for_ending(rights.councils(*RECORDING) - set(rights.inherited), today),
        *for_leads(rights.councils(LEAD), person, today),
        *for_schemes(rights.councils(*RECORDING), rights.councils(LEAD), today),
        *for_recorders(rights.councils(*RECORDING)),
        *for_closing(rights, person, today),
        *for_attesting(rights.councils(*RECORDING), today),
        *for_confirming(rights.councils(*RECORDING), today),
        *for_auditors(rights.councils(AUDITOR)),
        *(for_administrators() if rights.administers else []),
    ]
    return [each for each in found if each.number]
