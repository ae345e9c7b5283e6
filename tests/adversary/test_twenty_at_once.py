"""Twenty identical posts at once of the forms that had more than one outcome, or none in words, when it was tried."""

import uuid

import pytest

from partnerships import actions as arrangement
from partnerships.models import Approval
from savings.models import ClosingDays, Confirmation, ConfirmationRequest, Contact
from savings.models.typed import BenefitClass, Kind, Recurrence
from tests.database import as_role
from tests.factories import acting, an_entry
from tests.savings.confirming import ask
from tests.savings.racing import identical_posts

TIMES = 20


def an_approval(cast):
    line = {
        "council": cast.councils["STM"], "scheme_reference": "REV-01", "year": 2026, "kind": Kind.SAVING,
        "benefit_class": BenefitClass.CASH_RELEASING, "recurrence": Recurrence.RECURRING, "amount_pence": 100_00,
    }  # fmt: skip
    with acting(cast.people["ben"]) as how:
        case = arrangement.draft(partnership=cast.partnership, title="A case", horizon_year=2030, lines=[line], **how)
    return "dev", f"{case.get_absolute_url()}approve/", {"council": cast.councils["STM"].slug}


def an_answer(cast):
    an_entry(cast)
    asked = ask(cast)
    return "dev", asked.get_absolute_url(), {"whole": "agree", "without_sharing": "none"}


def a_contact(cast):
    return "dev", "/confirmations/contacts/north-south/", {"name": "Jo Field", "email": "jo@example.net"}


def a_request(cast):
    an_entry(cast)
    form = {"quarter": "2025-26-q4", "councils": ["southmere"], "token": str(uuid.uuid4())}
    return "ben", "/confirmations/ask/north-south/", form


def closing_days(cast):
    form = {"council": "NFD", "record": "10", "submit": "12", "sign_off": "14", "close": "16", "reason": "Sooner"}
    return "ben", "/returns/calendar/", form


#: What is posted: how, the rows it makes, and the words told to whoever came second.
POSTS = {
    "an approval": (an_approval, Approval, "has already approved this version"),
    "an answer": (an_answer, Confirmation, "answered"),
    "a contact": (a_contact, Contact, "is a contact of Southmere already"),
    "a request": (a_request, ConfirmationRequest, "That form was sent before"),
    "closing days": (closing_days, ClosingDays, "closes by these days already"),
}


@pytest.mark.parametrize("what", POSTS)
def test_one_has_an_effect_and_nineteen_are_told(committed_cast, what, monkeypatch):
    monkeypatch.setattr("savings.doorbell._send", lambda *_: None)
    prepare, rows, words = POSTS[what]
    name, address, form = prepare(committed_cast)
    answers = identical_posts(committed_cast.users[name], address, lambda: form, times=TIMES)
    assert {status for status, _ in answers} <= {200, 302}
    with as_role("worker"):
        assert rows.objects.count() == 1
    assert len([text for _, text in answers if words in text]) >= TIMES - 1
