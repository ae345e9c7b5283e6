"""What an adversary once got away with: promises that moved, rows in others’ names, decisions no page offered."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import DatabaseError

from councils.acts import act
from councils.models import Act, Role, User
from partnerships import actions as arrangement
from savings.actions import promise
from savings.models import Decision, Dispute, DisputeOutcome, Entry, Support
from savings.models.typed import BenefitClass, Kind, Recurrence
from tests.cast import NOW
from tests.database import as_role
from tests.factories import PDF, a_file, acting, an_entry
from tests.savings.views.test_entries import filled

LINE = {
    "scheme_reference": "REV-01", "year": 2026, "kind": Kind.SAVING, "benefit_class": BenefitClass.CASH_RELEASING,
    "recurrence": Recurrence.RECURRING, "amount_pence": 100_00,
}  # fmt: skip


@pytest.fixture
def promised(cast):
    """A projected entry of Northford, posted by Ben's approval of what Asha drafted."""
    with acting(cast.people["asha"]) as how:
        lines = [{"council": cast.councils["NFD"], **LINE}]
        case = arrangement.draft(partnership=cast.partnership, title="Promise", horizon_year=2030, lines=lines, **how)
    with acting(cast.people["ben"]) as how:
        promise.approve(case=case, council=cast.councils["NFD"], **how)
        return Entry.objects.get(series="projected")


def a_dispute(this, cast, entry, raised_by):
    return Dispute.objects.create(
        act=this, entry=entry, partnership=cast.partnership, council=cast.councils["STM"], reason="Ours",
        raised_by=cast.people[raised_by], raised_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["ben", "asha"])
def test_a_frozen_promise_is_not_reversed(who, cast, promised, sign_in):
    sign_in(who).post(f"/entries/{promised.public_id}/reverse/", {"reason": "Too much"})
    with acting(cast.people["ben"]):
        assert not Entry.objects.filter(reverses=promised).exists()


def test_a_frozen_promise_does_not_grow(cast, promised):
    fields = {
        field.attname: getattr(promised, field.attname)
        for field in Entry._meta.concrete_fields
        if field.name not in {"id", "public_id", "salt", "act", "year"}
    }
    with acting(cast.people["ben"]) as how, pytest.raises(DatabaseError, match="posted by the approval"):
        with transaction.atomic(), act(**how, verb="grew") as this:
            Entry.objects.create(act=this, year=2027, **fields)


def test_the_uploader_does_not_sign_off_their_own_proof(cast, sign_in):
    entry, ben = an_entry(cast, ledger_code="R1", reduction_pence=5_000_00), sign_in("ben")
    ben.post(f"/entries/{entry.public_id}/attach/", {"file_1": SimpleUploadedFile("a.pdf", PDF), "title_1": "Proof"})
    with acting(cast.people["ben"]):
        shown = str(entry.supports.get().public_id)
    ben.post(f"/entries/{entry.public_id}/sign-off/", {"shown": shown})
    with acting(cast.people["ben"]):
        assert not Decision.objects.exists()


def test_a_forecast_is_not_signed_off_and_nothing_is_signed_twice(cast, sign_in):
    documented = {"ledger_code": "R1", "files": [a_file()]}
    forecast = an_entry(cast, series="forecast", reduction_pence=5_000_00, **documented)
    banked = an_entry(cast, scheme="ICT-01", **documented)
    for entry in (forecast, banked, banked):
        with acting(cast.people["ben"]):
            shown = str(entry.supports.get().public_id)
        sign_in("ben").post(f"/entries/{entry.public_id}/sign-off/", {"shown": shown})
    with acting(cast.people["ben"]):
        assert [decision.entry for decision in Decision.objects.all()] == [banked]


def test_one_council_disputes_an_entry_once_and_never_a_reversed_one(cast, sign_in):
    standing, reversed_one = an_entry(cast), an_entry(cast, scheme="ICT-01")
    sign_in("asha").post(f"/entries/{reversed_one.public_id}/reverse/", {"reason": "Posted twice"})
    for entry in (standing, standing, reversed_one):
        sign_in("dev").post(f"/entries/{entry.public_id}/dispute/", {"reason": "Ours"})
    file = SimpleUploadedFile("a.pdf", PDF)
    sign_in("asha").post(f"/entries/{reversed_one.public_id}/attach/", {"file_1": file, "title_1": "Late"})
    with acting(cast.people["dev"]):
        assert [dispute.entry for dispute in Dispute.objects.all()] == [standing]
        assert not Support.objects.exists()


def test_the_token_of_somebody_elses_entry_is_answered_in_words(cast, sign_in):
    entry = an_entry(cast, ledger_code="Q", reduction_pence=5_000_00)
    page = sign_in("ben").post("/entries/new/", filled(cast, token=str(entry.public_id), month="2"))
    assert page.status_code == 200
    assert "no longer good" in page.text


@pytest.mark.parametrize(
    "address", ["/entries/new/?partnership=%00", "/charges/?council=%00", "/charges/new/?year=%00"]
)
def test_a_nul_in_an_address_is_no_server_error(address, sign_in):
    assert sign_in("asha").get(address).status_code < 500


def test_a_role_is_not_ended_by_one_of_another_council(cast):
    with as_role("worker"):
        theirs = Role.objects.get(person=cast.people["ben"])
    with acting(cast.people["cleo"]) as how, pytest.raises(DatabaseError, match="replaced by one of the same"):
        with transaction.atomic(), act(**how, verb="ended") as this:
            Role.objects.create(
                act=this, person=cast.people["dev"], council=cast.councils["WSV"], what="viewer",
                starts_on="2020-01-01", replaces=theirs,
            )  # fmt: skip


def test_nobody_gives_themselves_a_role(cast):
    with acting(cast.people["ada"]) as how, pytest.raises(DatabaseError, match="to themselves"):
        with transaction.atomic(), act(**how, verb="appointed") as this:
            Role.objects.create(
                act=this, person=cast.people["ada"], council=cast.councils["NFD"], what="finance_lead",
                starts_on="2020-01-01",
            )  # fmt: skip


def test_an_act_is_not_sealed_again_by_somebody_else(cast):
    with as_role("worker"), act(by=cast.people["asha"], at=NOW, verb="read", access=True) as this:
        pass
    with acting(cast.people["cleo"]), pytest.raises(DatabaseError, match="sealed once"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT act_seal(%s, true, false)", [this.pk])


def test_the_register_tells_no_stranger_of_a_partnership(cast):
    with acting(cast.people["cleo"]):
        assert not Act.objects.filter(subject__contains="north-south").exists()


def test_a_dispute_is_not_raised_in_another_name(cast):
    entry = an_entry(cast)
    with acting(cast.people["dev"]) as how, pytest.raises(DatabaseError, match="somebody else"):
        with transaction.atomic(), act(**how, verb="disputed") as this:
            a_dispute(this, cast, entry, "omar")


def test_a_dispute_is_not_dismissed_by_who_raised_it(cast):
    entry = an_entry(cast)
    with acting(cast.people["dev"]) as how, pytest.raises(DatabaseError, match="neither raised nor caused"):
        with transaction.atomic(), act(**how, verb="dismissed") as this:
            DisputeOutcome.objects.create(
                act=this, dispute=a_dispute(this, cast, entry, "dev"), entry=entry, partnership=cast.partnership,
                council=cast.councils["STM"], outcome="dismissed", reason="Mine", decided_by=cast.people["dev"],
                decided_at=NOW,
            )  # fmt: skip


def test_an_account_keeps_the_address_it_was_given(cast, sign_in):
    for what in ("action_add", "action_primary"):
        sign_in("asha").post("/accounts/email/", {"email": "evil@example.net", what: ""})
    assert User.objects.get(pk=cast.users["asha"].pk).email == "asha@example.org"
