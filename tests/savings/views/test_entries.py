"""Recording an entry through its page: what is taken, what is refused in which words, and what is left behind."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from councils.scope import scope
from savings import documents
from savings.models import Document, Entry
from savings.views import entries
from tests import factories
from tests.cast import NOW

NEW = "/entries/new/"


def filled(cast, **changes):
    """A form as Asha would send it: £1,200.00 banked in April 2025 against REV-01, with its proof."""
    return {
        "token": str(uuid.uuid4()), "council": "NFD", "scheme": str(cast.schemes["REV-01"].public_id),
        "series": "banked", "kind": "saving", "benefit_class": "cash_releasing", "recurrence": "recurring",
        "year": "2025", "month": "1", "amount": "1,200.00", "ledger_code": "R100", "reduction": "5000",
        "funded_by": "", "document_ref": "", "note": "", "file_1": a_pdf(), "title_1": "Budget monitoring", **changes,
    }  # fmt: skip


def a_pdf(name="proof.pdf", content=factories.PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def seen_by(cast, name):
    return scope(person_id=cast.people[name].pk, on=NOW.date())


def nothing_recorded(cast):
    with seen_by(cast, "asha"):
        return not Entry.objects.exists() and not Document.objects.exists()


def test_a_saving_is_recorded_with_its_proof(cast, sign_in):
    answer = sign_in("asha").post(NEW, filled(cast), follow=True)
    with seen_by(cast, "asha"):
        entry = Entry.objects.get()
        assert (entry.amount_pence, entry.year, entry.month, entry.council.code) == (1_200_00, 2025, 1, "NFD")
        assert entry.supports.get().document.title == "Budget monitoring"
    assert answer.redirect_chain == [(reverse("savings:entry", args=[entry.public_id]), 302)]
    assert "Recorded: £1,200.00 for April 2025 on REV-01." in answer.text
    assert "A finance lead of Northford other than Asha Rao can sign it off." in answer.text


def test_budgets_recorded_are_offered_with_what_is_left_on_each(cast, sign_in):
    asha = sign_in("asha")
    asha.post(NEW, filled(cast))
    factories.an_entry(cast, by="omar", council="STM", ledger_code="S1", reduction_pence=1_000_00)
    page = asha.get(NEW).text
    assert '<option value="R100">2025/26, Northford: £3,800.00 left of £5,000.00</option>' in page
    assert 'list="budgets"' in page
    assert "S1" not in page  # another council's


def test_an_unknown_code_says_what_to_do_and_leads_to_recording_it(cast, sign_in):
    asha = sign_in("asha")
    asha.post(NEW, filled(cast))
    page = asha.post(NEW, filled(cast, ledger_code="R101", reduction="", month="2")).text
    assert "Budget R101 is new for Northford Council in 2025/26. Did you mean R100?" in page
    link = "/budgets/new/?council=NFD&year=2025&code=R101"
    assert link.replace("&", "&amp;") in page
    there = asha.get(link).text
    assert 'value="R101"' in there
    assert '<option value="2025" selected>' in there


def test_the_form_costs_the_same_however_many_budgets_there_are(cast, sign_in, django_assert_max_num_queries):
    asha = sign_in("asha")
    for number in range(3):
        factories.an_entry(cast, month=number + 1, ledger_code=f"R{number}", reduction_pence=1_000_00)
    with django_assert_max_num_queries(16):
        asha.get(NEW)


REFUSED = {
    "zero": ({"amount": "0"}, "An amount cannot be £0."),
    "three decimals": ({"amount": "10.123"}, "more than two figures after the point"),
    "an exponent": ({"amount": "1e999"}, "was shortened by a spreadsheet"),
    "month 13": ({"month": "13"}, "Choose a month from April to March, or the whole year."),
    "negative": ({"amount": "-5"}, "A negative amount is only for a quarter that is already closed."),
    "before joining": ({"year": "2019"}, "Northford Council had not joined North and South Revenues by that period."),
    "another council": ({"council": "STM"}, "You cannot record for that council."),
    "no month": ({"month": ""}, "Choose a month, or the whole year."),
    "no class": ({"benefit_class": ""}, "Choose the class of saving."),
    "a new budget without its reduction": ({"reduction": ""}, "Budget R100 is new for Northford Council in 2025/26."),
    "more than its budget": (
        {"reduction": "1000"},
        "more than was taken out of it: £1,000.00 was taken out, and £0.00 of that is already claimed.",
    ),
    "a year to come, banked": ({"year": "2035", "month": "year"}, "That has not begun yet."),
    "not a scheme": ({"scheme": str(uuid.uuid4())}, "Choose a scheme from the list."),
}


@pytest.mark.parametrize(("changes", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_written(cast, sign_in, changes, words):
    answer = sign_in("asha").post(NEW, filled(cast, note="Keep this note", **changes))
    assert answer.status_code == 200
    assert words in answer.text.replace("&#x27;", "'")
    assert "There is a problem" in answer.text
    assert "<title>Error: " in answer.text
    assert "Keep this note" in answer.text
    assert "Choose “proof.pdf” again" in answer.text
    assert nothing_recorded(cast)


def test_a_member_who_had_left_records_nothing_after_leaving(cast, sign_in):
    factories.until(cast, NOW.date().replace(year=2024, month=10, day=1), "NFD")
    answer = sign_in("asha").post(NEW, filled(cast))
    assert "Northford Council left North and South Revenues on 1 October 2024, before that period." in answer.text
    assert nothing_recorded(cast)


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (a_pdf(content=b"%PDF-1.4" + b"0" * documents.LARGEST), "is larger than 20 MB"),
        (a_pdf(content=b"MZ\x90\x00 a program"), "is not a kind of file we can keep"),
        (a_pdf(name="sheet.xlsx"), "is named as one kind of file and contains another"),
        (a_pdf(content=b""), "That file is empty."),
    ],
    ids=["too large", "a program named pdf", "a pdf named xlsx", "empty"],
)
def test_a_file_that_cannot_be_kept_is_refused_beside_its_box(cast, sign_in, upload, words):
    answer = sign_in("asha").post(NEW, filled(cast, file_1=upload))
    assert words in answer.text
    assert 'href="#id_file_1"' in answer.text
    assert nothing_recorded(cast)


def test_the_same_form_twice_records_once(cast, sign_in):
    asha, form = sign_in("asha"), filled(cast)
    asha.post(NEW, form)
    again = asha.post(NEW, {**form, "file_1": a_pdf()}, follow=True)
    assert "That form was sent twice. It was recorded once, as below." in again.text
    changed = asha.post(NEW, {**form, "file_1": a_pdf(), "amount": "99"}, follow=True)
    assert "Nothing new was recorded" in changed.text
    with seen_by(cast, "asha"):
        assert Entry.objects.count() == 1


def test_the_same_amount_again_has_to_be_meant(cast, sign_in):
    """Another form, sent within a day, that says the same: nothing is written until a box is ticked."""
    asha = sign_in("asha")
    asha.post(NEW, filled(cast))
    with seen_by(cast, "asha"):
        first = Entry.objects.get()
    again = filled(cast, reduction="")
    page = asha.post(NEW, again).text
    assert "This looks like one recorded at" in page
    assert f'href="{first.get_absolute_url()}"' in page
    assert 'href="#id_anyway"' in page
    with seen_by(cast, "asha"):
        assert Entry.objects.count() == 1
    assert asha.post(NEW, {**again, "file_1": a_pdf(), "anyway": "on"}).status_code == 302
    with seen_by(cast, "asha"):
        assert Entry.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [{"amount": "1,200.01"}, {"month": "2"}, {"scheme": "ICT-01"}, {"kind": "running_cost", "funded_by": "reserves"}],
)
def test_what_differs_is_recorded_without_a_question(cast, sign_in, changes):
    asha = sign_in("asha")
    assert "anyway" not in asha.get(NEW).text
    asha.post(NEW, filled(cast))
    if "scheme" in changes:  # with a proof of its own: one document behind two equal amounts is asked about
        own = a_pdf(content=factories.PDF + b"% another")
        changes = {"scheme": str(cast.schemes[changes["scheme"]].public_id), "file_1": own}
    assert asha.post(NEW, filled(cast, reduction="", **changes)).status_code == 302


def test_nor_is_one_recorded_again_after_a_reversal_or_by_somebody_else(cast, sign_in):
    asha = sign_in("asha")
    asha.post(NEW, filled(cast))
    assert sign_in("ben").post(NEW, filled(cast, reduction="")).status_code == 302
    with seen_by(cast, "asha"):
        first = Entry.objects.get(recorded_by=cast.people["asha"])
    asha.post(reverse("savings:entry-reverse", args=[first.public_id]), {"reason": "Wrong proof"})
    assert asha.post(NEW, filled(cast, reduction="")).status_code == 302


def test_what_is_already_claimed_on_a_budget_is_said(cast, sign_in):
    asha = sign_in("asha")
    asha.post(NEW, filled(cast))
    page = asha.post(NEW, filled(cast, reduction="", month="2", amount="4000")).text
    assert "£5,000.00 was taken out, and £1,200.00 of that is already claimed." in page


def test_two_clicks_that_overtake_each_other_record_once(cast, sign_in, monkeypatch):
    """The second looks before the first has committed, so the database refuses it; it finds the first then."""
    asha, form = sign_in("asha"), filled(cast)
    asha.post(NEW, form)
    looks, look = iter([False]), entries.sent_before
    monkeypatch.setattr(entries, "sent_before", lambda *asked: next(looks, True) and look(*asked))
    again = asha.post(NEW, {**form, "file_1": a_pdf()})
    with seen_by(cast, "asha"):
        assert again.url == Entry.objects.get().get_absolute_url()


def test_a_cost_has_no_class_and_says_who_paid(cast, sign_in):
    """What a browser hid, or a page without styles showed needlessly, is passed over."""
    sign_in("asha").post(NEW, filled(cast, kind="one_off_cost", funded_by="reserves", ledger_code=""))
    with seen_by(cast, "asha"):
        entry = Entry.objects.get()
    assert (entry.benefit_class, entry.recurrence, entry.funded_by) == (None, "one_off", "reserves")


def test_schemes_are_listed_by_partnership_and_only_ones_own(cast, sign_in):
    assert '<optgroup label="North and South Revenues">' in sign_in("asha").get(NEW).text
    stranger = sign_in("cleo").get(NEW)
    assert "REV-01" not in stranger.text
    assert "There is no scheme to record against yet." in stranger.text


def test_another_entry_starts_like_the_last(cast, sign_in):
    entry = factories.an_entry(cast, month=3)
    page = sign_in("asha").get(NEW, {"like": entry.public_id}).text
    assert f'<option value="{cast.schemes["REV-01"].public_id}" selected>' in page
    assert '<option value="4" selected>July</option>' in page


@pytest.mark.parametrize("name", ["erin", "farah", "gwen"])
def test_who_may_look_but_not_record_is_told_so(cast, sign_in, name):
    assert sign_in(name).get(NEW).status_code == 403
    assert sign_in(name).post(NEW, filled(cast)).status_code == 403
    assert nothing_recorded(cast)


def test_nobody_signed_in_is_asked_to_sign_in(sign_in):
    assert sign_in(None).get(NEW).url.startswith("/accounts/login/")
