"""Withdrawing a document from its entry's page: with a reason, once, and the grade follows."""

from savings.models import EntryState, Support
from tests.database import as_role
from tests.factories import a_file, a_proven_entry, an_entry


def support_of(entry):
    with as_role("worker"):
        return Support.objects.get(entry=entry)


def address(support):
    return f"/supports/{support.public_id}/withdraw/"


def test_the_entry_leads_to_it_and_the_grade_falls(cast, sign_in):
    entry = a_proven_entry(cast)
    support, client = support_of(entry), sign_in("asha")
    assert address(support) in client.get(entry.get_absolute_url()).text
    page = client.get(address(support)).text
    assert "only document of this entry" in page
    assert "A finance lead has signed this amount off" in page
    done = client.post(address(support), {"reason": "Another year's order"}, follow=True)
    assert "no longer supports this entry" in done.text
    assert "Another year" in done.text
    with as_role("worker"):
        assert EntryState.objects.get(entry=entry).grade == 0
    again = client.post(address(support), {"reason": "Once more"}, follow=True)
    assert "withdrawn already" in again.text


def test_without_a_reason_nothing_is_withdrawn(cast, sign_in):
    support = support_of(an_entry(cast, files=[a_file()]))
    assert "Why is the document withdrawn?" in sign_in("asha").post(address(support), {"reason": " "}).text
    with as_role("worker"):
        assert not Support.objects.filter(withdraws=support).exists()


def test_only_those_who_record_for_the_council_withdraw(cast, sign_in):
    entry = an_entry(cast, files=[a_file()])
    support = support_of(entry)
    for name, status in {"erin": 403, "omar": 403, "cleo": 404}.items():
        assert sign_in(name).post(address(support), {"reason": "Mine"}).status_code == status
    assert "Withdraw" not in sign_in("omar").get(entry.get_absolute_url()).text


def test_an_entry_is_not_signed_off_by_somebody_who_does_not_say_what_they_saw(cast, sign_in):
    entry = an_entry(cast, ledger_code="R100", reduction_pence=1_000_00, files=[a_file()])
    page = sign_in("ben").post(f"/entries/{entry.public_id}/sign-off/", {}, follow=True)
    assert "Its documents have changed since you opened the page" in page.text
    with as_role("worker"):
        assert EntryState.objects.get(entry=entry).grade == 1
