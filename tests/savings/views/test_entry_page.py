"""The page of one entry: its story, who is offered what, and what is refused to whom."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from councils.refusals import Refused
from savings.actions import decision, disputes, entries, evidence
from savings.models import Decision, Dispute, DisputeOutcome, Entry, EntryState, Support
from tests import factories
from tests.savings.views.test_entries import a_pdf, seen_by

POSTS = ["entry-attach", "entry-reverse", "entry-sign-off", "entry-return", "entry-dispute"]


def at(name, entry):
    return reverse(f"savings:{name}", args=[entry.public_id])


@pytest.fixture
def documented(cast):
    return factories.an_entry(
        cast, ledger_code="R100", reduction_pence=1_000_00, files=[factories.a_file(title="Budget monitoring")]
    )


def test_it_says_everything_in_words(cast, sign_in, documented):
    page = sign_in("asha").get(at("entry", documented)).text
    for words in (
        "£1,000.00 for the whole of 2025/26", "Banked saving, cash-releasing", "Recurring",
        "R100</a>, reduced by £1,000.00 in 2025/26", "Asha Rao, 15 June 2026, 10:00", "Budget monitoring", "Documented",
        "A finance lead of Northford other than Asha Rao can sign it off.", "Posted in April to June 2026",
        "Sealed as number", "council:NFD", str(documented.public_id),
    ):  # fmt: skip
        assert words in page, words


def test_a_page_costs_the_same_however_much_happened(cast, sign_in, documented, django_assert_max_num_queries):
    with factories.acting(cast.people["dev"]) as how:
        southmere = cast.councils["STM"]
        for reason in ("Half is ours", "So is the rest", "All of it"):
            raised = disputes.dispute(entry=documented, council=southmere, reason=reason, **how)
            disputes.end_dispute(dispute=raised, outcome="withdrawn", council=southmere, reason="Seen", **how)
        disputes.dispute(entry=documented, council=southmere, reason="Half after all", **how)
    asha = sign_in("asha")
    with django_assert_max_num_queries(27):
        asha.get(at("entry", documented))


def test_a_partner_reads_it_but_its_seal_stays_with_the_council(cast, sign_in, documented):
    page = sign_in("omar").get(at("entry", documented)).text
    assert "Its seal is on the stream of another council" in page
    assert "Sign off</button>" not in page
    assert "Reverse it" not in page
    assert "Dispute this amount for Southmere" in page


@pytest.mark.parametrize("name", ["entry", *POSTS])
def test_to_a_stranger_it_does_not_exist(cast, sign_in, documented, name):
    cleo = sign_in("cleo")
    answer = cleo.get(at(name, documented)) if name == "entry" else cleo.post(at(name, documented))
    assert answer.status_code == 404
    assert "£1,000.00" not in answer.text


def test_nor_does_one_that_was_never_recorded(sign_in):
    assert sign_in("asha").get(reverse("savings:entry", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize("name", POSTS)
def test_an_act_is_never_a_link(cast, sign_in, documented, name):
    """Its address leads to the entry, as after signing in anew: a page for 405 leads nowhere. Nothing is done."""
    asha = sign_in("asha")
    answer = asha.get(at(name, documented), {"reason": "Because"})
    assert (answer.status_code, answer.url) == (302, documented.get_absolute_url())
    assert {getattr(asha, method)(at(name, documented)).status_code for method in ("head", "put", "delete")} == {405}
    assert sign_in("cleo").get(at(name, documented)).status_code == 404
    with seen_by(cast, "asha"):
        assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "name"),
    [("gwen", "entry-attach"), ("omar", "entry-reverse"), ("asha", "entry-sign-off"), ("asha", "entry-return"),
     ("dev", "entry-sign-off"), ("farah", "entry-sign-off"), ("asha", "entry-dispute"), ("erin", "entry-dispute")],
)  # fmt: skip
def test_who_may_look_but_not_act_is_told_so(sign_in, documented, who, name):
    assert sign_in(who).post(at(name, documented), {"reason": "Because"}).status_code == 403


def test_a_document_is_attached(cast, sign_in):
    entry = factories.an_entry(cast)
    answer = sign_in("asha").post(
        at("entry-attach", entry), {"file_1": a_pdf(), "title_1": "Establishment list"}, follow=True
    )
    assert "“Establishment list” is attached." in answer.text
    assert answer.redirect_chain[0][0] == entry.get_absolute_url()


@pytest.fixture
def three_months(cast):
    """April to June of one saving; a fourth month of it is reversed, and there is another saving beside."""
    entries_ = [factories.an_entry(cast, month=month) for month in (1, 2, 3)]
    gone = factories.an_entry(cast, month=4)
    with factories.acting(cast.people["asha"]) as how:
        entries.reverse(entry=gone, reason="Twice", **how)
    return entries_, gone, factories.an_entry(cast, scheme="ICT-01", month=1)


def test_one_document_supports_the_months_that_are_ticked_in_one_act(cast, sign_in, three_months):
    (april, may, june), *_ = three_months
    asha = sign_in("asha")
    assert "May 2025, £" in asha.get(april.get_absolute_url()).text
    answer = asha.post(
        at("entry-attach", april),
        {"file_1": a_pdf(), "title_1": "Establishment list", "also": [str(may.public_id), str(june.public_id)]},
        follow=True,
    )
    assert "“Establishment list” is attached to 3 entries." in answer.text
    assert "(no document yet)" not in answer.text
    with seen_by(cast, "asha"):
        supports = list(Support.objects.order_by("entry"))
        assert [each.entry_id for each in supports] == [april.pk, may.pk, june.pk]
        assert len({each.document_id for each in supports}) == len({each.act_id for each in supports}) == 1
        assert set(EntryState.objects.filter(entry__in=[april, may, june]).values_list("grade", flat=True)) == {1}


@pytest.mark.parametrize("which", [1, 2])
def test_a_month_that_is_reversed_or_of_another_saving_cannot_be_ticked(cast, sign_in, three_months, which):
    (april, *_), *others = three_months
    wrong = others[which - 1]
    assert str(wrong.public_id) not in sign_in("asha").get(april.get_absolute_url()).text
    answer = sign_in("asha").post(at("entry-attach", april), {"file_1": a_pdf(), "also": [str(wrong.public_id)]})
    assert "One of the other months is reversed by now." in answer.text
    with factories.acting(cast.people["asha"]) as how, pytest.raises(Refused, match="of another saving"):
        evidence.attach(entry=april, files=[factories.a_file()], also=[wrong], **how)
    with seen_by(cast, "asha"):
        assert not Support.objects.exists()


def test_a_document_of_the_wrong_kind_is_refused_on_the_same_page(cast, sign_in):
    entry = factories.an_entry(cast)
    answer = sign_in("asha").post(
        at("entry-attach", entry), {"file_1": a_pdf(content=b"MZ program"), "title_1": "My title"}
    )
    assert "is not a kind of file we can keep" in answer.text
    assert 'value="My title"' in answer.text
    with seen_by(cast, "asha"):
        assert not entry.supports.exists()


def test_a_reversal_and_what_it_reverses_are_one_story(cast, sign_in, documented):
    asha = sign_in("asha")
    answer = asha.post(at("entry-reverse", documented), {"reason": "Counted twice"}, follow=True)
    with seen_by(cast, "asha"):
        reversal = Entry.objects.get(reverses=documented)
    assert answer.redirect_chain[0][0] == reversal.get_absolute_url()
    assert "Reversed: £1,000.00 for the whole of 2025/26 on REV-01. The two come to nothing." in answer.text
    assert "This takes back" in answer.text
    assert "of what was documented" in answer.text
    before = asha.get(at("entry", documented)).text
    assert "This amount was taken back on" in before
    assert "“Counted twice”" in before
    assert "Reverse this entry" not in before
    rows = asha.get("/entries/").text  # each half of the pair is one link away from the other, in a list too
    assert f'href="{reversal.get_absolute_url()}">Taken back on' in rows
    assert f'href="{documented.get_absolute_url()}">Takes back what was recorded on' in rows


def test_a_reversal_without_a_reason_comes_back_open(cast, sign_in, documented):
    answer = sign_in("asha").post(at("entry-reverse", documented), {"reason": " "})
    assert "There is a problem" in answer.text
    assert 'href="#reverse_reason"' in answer.text
    with seen_by(cast, "asha"):
        assert Entry.objects.count() == 1


def test_a_second_reversal_is_refused_in_words(cast, sign_in, documented):
    with factories.acting(cast.people["asha"]) as how:
        entries.reverse(entry=documented, reason="Wrong", **how)
    answer = sign_in("asha").post(at("entry-reverse", documented), {"reason": "Again"})
    assert "This entry is already reversed." in answer.text


def test_a_lead_signs_off_what_was_shown(cast, sign_in, documented):
    ben = sign_in("ben")
    with seen_by(cast, "ben"):
        shown = documented.supports.get().public_id
    assert f'value="{shown}"' in ben.get(at("entry", documented)).text
    answer = ben.post(at("entry-sign-off", documented), {"shown": shown, "reason": ""}, follow=True)
    assert "Signed off: £1,000.00 for the whole of 2025/26 on REV-01." in answer.text
    assert "<strong>Ben Carter</strong> signed it off" in answer.text


def test_a_document_attached_meanwhile_has_to_be_looked_at(cast, sign_in, documented):
    with seen_by(cast, "ben"):
        shown = documented.supports.get().public_id
    with factories.acting(cast.people["asha"]) as how:
        evidence.attach(entry=documented, files=[factories.a_file("Other.pdf", factories.PDF + b"x")], **how)
    answer = sign_in("ben").post(at("entry-sign-off", documented), {"shown": shown}, follow=True)
    assert "Its documents have changed since you opened the page." in answer.text
    with seen_by(cast, "ben"):
        assert not Decision.objects.exists()


def test_nobody_signs_off_what_they_recorded(cast, sign_in):
    entry = factories.an_entry(cast, by="ben", ledger_code="R100", reduction_pence=1_000_00, files=[factories.a_file()])
    ben = sign_in("ben")
    assert "Sign off</button>" not in ben.get(at("entry", entry)).text
    answer = ben.post(at("entry-sign-off", entry), follow=True)
    assert "You cannot sign off a saving you recorded yourself." in answer.text
    with seen_by(cast, "ben"):
        assert not Decision.objects.exists()


def test_what_is_returned_says_why_to_its_recorder(cast, sign_in, documented):
    ben = sign_in("ben")
    refused = ben.post(at("entry-return", documented), {"reason": ""})
    assert "There is a problem" in refused.text
    ben.post(at("entry-return", documented), {"reason": "Which month is this for?"})
    page = sign_in("asha").get(at("entry", documented)).text
    assert "Returned" in page
    assert "Which month is this for?" in page
    assert "Ben Carter returned it on" in page
    assert "Attach what was asked for." in page
    assert '<a class="govuk-link" href="#documents">Attach a document</a>' in page


def test_what_is_returned_and_answered_waits_for_the_lead_again(cast, sign_in, documented):
    with factories.acting(cast.people["ben"]) as how:
        decision.return_to_recorder(entry=documented, reason="Which month is this for?", **how)
    asha = sign_in("asha")
    assert "Sent back to be put right" in asha.get("/").text
    asha.post(at("entry-attach", documented), {"file_1": a_pdf(content=factories.PDF + b"x"), "title_1": "Invoice"})
    page = asha.get(at("entry", documented)).text
    with seen_by(cast, "asha"):
        uploaded = timezone.localtime(documented.supports.last().document.uploaded_at)
    assert f"Attached on {uploaded:%-d %B %Y}; waits to be signed off again." in page
    assert "Returned, answered" in page
    assert "Attach what was asked for." not in page
    assert "Sent back to be put right" not in asha.get("/").text
    assert "No entry matches." in asha.get("/entries/?standing=returned").text
    assert "Return it</button>" in sign_in("ben").get(at("entry", documented)).text


def test_a_promise_has_no_grade(cast, sign_in):
    case = {"title": "One service", "horizon_year": "2030", "lines": "Northford, REV-01, 2026/27, saving, 5"}
    sign_in("asha").post("/partnerships/north-south/business-cases/new/", case)
    sign_in("ben").post("/partnerships/north-south/business-cases/1/approve/", {"council": "northford"})
    with seen_by(cast, "asha"):
        promised = Entry.objects.get(series="projected")
    for address in (at("entry", promised), "/entries/?series=projected"):
        page = sign_in("asha").get(address).text
        assert '<span class="app-standing">Promised</span>' in page


def test_a_partner_disputes_and_the_claimant_concedes(cast, sign_in, documented):
    omar, ben = sign_in("omar"), sign_in("ben")
    omar.post(at("entry-dispute", documented), {"reason": "Half of it is ours"})
    with seen_by(cast, "omar"):
        dispute = Dispute.objects.get()
    page = ben.get(at("entry", documented)).text
    assert "Disputed" in page
    assert "Half of it is ours" in page
    end = reverse("savings:dispute-end", args=[dispute.public_id])
    assert sign_in("asha").post(end, {"outcome": "upheld", "reason": "x"}).status_code == 403  # no lead
    assert sign_in("cleo").post(end).status_code == 404
    assert ben.get(end).url == documented.get_absolute_url()
    assert ben.head(end).status_code == 405
    assert "There is a problem" in ben.post(end, {"outcome": "upheld", "reason": ""}).text
    answer = ben.post(end, {"outcome": "upheld", "reason": "We agree"}, follow=True)
    assert "The dispute has ended." in answer.text
    assert "upheld the dispute" in answer.text


def test_nobody_dismisses_a_dispute_about_what_they_recorded(cast, sign_in):
    entry = factories.an_entry(cast, by="ben")
    with factories.acting(cast.people["dev"]) as how:
        dispute = disputes.dispute(entry=entry, council=cast.councils["STM"], reason="Ours", **how)
    end = reverse("savings:dispute-end", args=[dispute.public_id])
    assert "Dismissed" not in sign_in("ben").get(at("entry", entry)).text
    assert "There is a problem" in sign_in("ben").post(end, {"outcome": "dismissed", "reason": "No"}).text
    with seen_by(cast, "ben"):
        assert not DisputeOutcome.objects.exists()


def test_without_a_budget_it_says_what_stands_in_the_way(cast, sign_in):
    entry = factories.an_entry(cast, files=[factories.a_file()])
    page = sign_in("ben").get(at("entry", entry)).text
    assert "names no budget it was taken out of" in page
    assert "Sign off</button>" not in page
    with factories.acting(cast.people["ben"]) as how:
        assert decision.why_not_sign(entry, how["by"])
