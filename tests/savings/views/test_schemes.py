"""Schemes: adding one on the way to recording, and reading what one has come to."""

import pytest

from savings.actions import schemes
from savings.models import Entry, Scheme
from tests import factories
from tests.cast import NOW
from tests.savings.views.test_entries import seen_by

NEW = "/schemes/new/"


def filled(**changes):
    usual = {"then": "", "partnership": "north-south", "service": "revenues", "last_year": "", "description": ""}
    named = {"title": "Shared scanning", "reference": "REV-02", "owner": "Head of revenues"}
    return {**usual, **named, "benefit_class": "cash_releasing", "recurrence": "recurring", **changes}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reference": "REV-01"}, "This partnership already has a scheme with that reference."),
        ({"title": ""}, "Enter what is done"),
        ({"recurrence": "time_limited"}, "Choose the last year in which it saves."),
        ({"partnership": "elsewhere"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_with_the_form_as_it_was(cast, sign_in, changes, words):
    answer = sign_in("asha").post(NEW, filled(description="Keep this", **changes))
    assert words in answer.text
    assert "Keep this" in answer.text
    with seen_by(cast, "asha"):
        assert Scheme.objects.count() == 2


@pytest.mark.parametrize("name", ["erin", "gwen", "farah"])
def test_who_records_nothing_adds_none(sign_in, name):
    assert sign_in(name).get(NEW).status_code == 403
    assert sign_in(name).post(NEW, filled()).status_code == 403


def test_the_page_says_what_it_has_come_to(cast, sign_in, django_assert_max_num_queries):
    for month in range(1, 13):
        factories.an_entry(cast, month=month, amount_pence=10_00)
    asha, page = sign_in("asha"), cast.schemes["REV-01"].get_absolute_url()
    with django_assert_max_num_queries(29):
        text = asha.get(page).text
    assert "£120.00" in text
    assert "Head of revenues" in text
    assert "Record against this scheme" in text
    assert "Record against this scheme" not in sign_in("gwen").get(page).text
    assert sign_in("cleo").get(page).status_code == 404


def test_one_that_an_officer_adds_is_proposed(cast, sign_in):
    page = sign_in("asha").post(NEW, filled(), follow=True).text
    assert "Added: REV-02 Shared scanning." in page
    assert ">Proposed</dd>" in page
    assert ">Approved</dd>" not in page


def at(cast, page, reference="REV-01"):
    return f"{cast.schemes[reference].get_absolute_url()}{page}/"


def test_a_lead_takes_a_step_and_the_page_tells_it(cast, sign_in):
    ben, page = sign_in("ben"), cast.schemes["REV-01"].get_absolute_url()
    step = {"status": "delivering", "reason": "Posts are deleted", "delivery_score": "2", "score_reason": "One is left"}
    text = ben.post(at(cast, "status"), step, follow=True).text
    assert "Posts are deleted" in text
    assert "2 of 5: One is left" in text
    assert ">Red</strong>" in text  # by its score
    assert "delivery is scored 2" in text
    refused = ben.post(at(cast, "status"), {**step, "status": "undeliverable"}).text
    assert "Say what funding replaces it." in refused
    assert "Posts are deleted" in refused  # nothing typed is lost
    assert "Posts are deleted" in sign_in("gwen").get(page).text


def test_an_officer_is_offered_and_may_take_only_their_steps(cast, sign_in):
    asha = sign_in("asha")
    assert 'value="withdrawn"' not in asha.get(at(cast, "status")).text
    answer = asha.post(at(cast, "status"), {"status": "withdrawn", "reason": "x"})
    assert "Select a valid choice" in answer.text
    with seen_by(cast, "asha"):
        assert cast.schemes["REV-01"].statuses.count() == 1


@pytest.mark.parametrize("page", ["change", "status", "forecast", "no-indicator"])
@pytest.mark.parametrize(("name", "status"), [("gwen", 403), ("farah", 403), ("erin", 403), ("cleo", 404)])
def test_who_only_reads_does_nothing(cast, sign_in, page, name, status):
    assert sign_in(name).get(at(cast, page)).status_code == status
    assert sign_in(name).post(at(cast, page), {}).status_code == status


def test_a_new_owner_is_a_new_version(cast, sign_in):
    scheme = cast.schemes["REV-01"]
    change = {
        "owner": "Director of resources", "benefit_class": "cash_releasing", "recurrence": "recurring",
        "indicator": str(scheme.indicator.public_id), "description": "", "reason": "Reorganised",
    }  # fmt: skip
    text = sign_in("asha").post(at(cast, "change"), change, follow=True).text
    assert "Director of resources" in text
    assert "changed who answers for it" in text
    assert "Reorganised" in text
    assert "Director of resources" in sign_in("gwen").get("/schemes/?owner=director").text
    assert "REV-01" not in sign_in("gwen").get("/schemes/?owner=head+of").text
    assert "Nothing is changed." in sign_in("asha").post(at(cast, "change"), change).text


def test_months_still_to_come_are_forecast_and_superseded(cast, sign_in, time_machine):
    time_machine.move_to(NOW)
    asha, page = sign_in("asha"), at(cast, "forecast")
    assert 'name="m3"' in asha.get(page).text
    assert 'name="m2"' not in asha.get(page).text  # it is June: May has ended
    text = asha.post(page, {"m3": "100", "m4": "100", "reason": "Two posts"}, follow=True).text
    assert "£200.00" in text
    text = asha.post(page, {"m3": "100", "m4": "50", "reason": ""}, follow=True).text
    assert "£150.00" in text
    assert "Nothing is changed" in asha.post(page, {"m3": "100", "m4": "50"}).text
    assert asha.get(f"{page}?council=STM").status_code == 404
    assert asha.get(f"{page}?year=2025").status_code == 404
    with seen_by(cast, "asha"):
        forecast = Entry.objects.filter(series="forecast").first()
    told = asha.get(forecast.get_absolute_url()).text
    assert "Self-declared" not in told
    assert "A forecast needs no document." in told


def test_the_list_narrows_by_each_filter(cast, sign_in):
    factories.an_entry(cast, amount_pence=1_234_00)
    gwen = sign_in("gwen")
    for query, shown in (
        ("status=approved", True), ("status=withdrawn", False), ("rag=No+saving+promised", True), ("rag=Green", False),
        ("benefit_class=cash_releasing", True), ("benefit_class=cost_avoidance", False), ("search=manager", True),
        ("search=nothing+like+it", False), ("partnership=north-south", True), ("service=revenues", True),
        ("service=ict", False), ("owner=head", True),
    ):  # fmt: skip
        assert ("REV-01" in gwen.get(f"/schemes/?{query}").text.split("<tbody")[-1]) is shown, query
    assert "£1,234.00" in gwen.get("/schemes/").text
    assert "REV-01" not in sign_in("cleo").get("/schemes/").text


def test_the_list_costs_the_same_however_many(cast, sign_in, django_assert_max_num_queries):
    like = cast.schemes["REV-01"]
    with factories.acting(cast.people["ben"]) as how:
        for number in range(30):
            schemes.propose(
                **how, partnership=cast.partnership, service=like.service, reference=f"M-{number:02}", title="More",
                owner="Head", benefit_class=like.benefit_class, recurrence=like.recurrence,
            )  # fmt: skip
    gwen = sign_in("gwen")
    for query in ("", "?rag=Green"):
        with django_assert_max_num_queries(18):
            gwen.get(f"/schemes/{query}")


@pytest.mark.parametrize(("kind", "said"), [("one_off_cost", "one-off cost"), ("income", "income")])
def test_what_only_costs_or_earns_has_no_class_and_no_rating(cast, sign_in, kind, said):
    factories.an_entry(cast, kind=kind)
    gwen, page = sign_in("gwen"), cast.schemes["REV-01"].get_absolute_url()
    row = row_of(gwen.get("/schemes/").text)
    assert f"no class: {said}" in row
    assert "cash-releasing" not in row
    assert ">No saving promised</strong>" in row
    text = gwen.get(page).text
    assert f"No class: {said}" in text
    assert "names no quality indicator" not in text
    assert "No saving is promised to date and delivery is not scored." in text
    assert "REV-01" not in gwen.get("/schemes/?benefit_class=cash_releasing").text.split("<tbody")[-1]


def test_what_is_saved_and_was_not_promised_is_no_variance(cast, sign_in):
    factories.an_entry(cast, amount_pence=1_234_00)
    gwen, page = sign_in("gwen"), cast.schemes["REV-01"].get_absolute_url()
    row = row_of(gwen.get("/schemes/").text)
    assert ">nothing promised<" in row
    assert row.count("£1,234.00") == 1  # banked, and no variance of it
    years = gwen.get(page).text.split("Promised, forecast and banked")[-1].split("</table>")[0]
    assert years.count("nothing promised") == 2  # the year, and all years
    assert "REV-01" in gwen.get("/schemes/?benefit_class=cash_releasing").text.split("<tbody")[-1]


def row_of(text, reference="REV-01"):
    return next(row for row in text.split("<tr")[1:] if reference in row).split("</tr>")[0]
