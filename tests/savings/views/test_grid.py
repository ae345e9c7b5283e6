"""The grid as a page: checked first, saved as one act, every error at its cell, nothing lost."""

import re
import time

import pytest

from councils.years import FinancialYear, Quarter
from partnerships import actions as arrangement
from savings.actions import returns, schemes
from savings.models import Entry, Return
from savings.models.typed import BenefitClass, Recurrence
from savings.standing_cells import RowKey, standing_cells
from tests.cast import FOUNDED, NOW
from tests.factories import PDF, acting, an_entry

HERE = "/entries/grid/?council=NFD&partnership=north-south&year=2025"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


def key(cast, scheme="REV-01"):
    return RowKey(cast.schemes[scheme].public_id, "saving", "cash_releasing", "recurring").text


def fields(page):
    """Every field of the grid's form, as a browser would send it."""
    found = re.findall(r'<input[^>]*name="([wvks]\.[^"]*)"[^>]*value="([^"]*)"', page.content.decode())
    return dict(found)


def typed(page, **cells):
    return fields(page) | cells


def cells(cast):
    with acting(cast.people["asha"]):
        found = standing_cells(council=cast.councils["NFD"], partnership=cast.partnership, year=FinancialYear(2025))
    return {(row.text, month): cell.pence for row, months in found.items() for month, cell in months.items()}


def close(cast, quarter=1):
    for by, step in (("asha", "submitted"), ("ben", "signed_off"), ("ben", "closed")):
        with acting(cast.people[by]) as how:
            returns.step(partnership=cast.partnership, council=cast.councils["NFD"],
                         quarter=Quarter(FinancialYear(2025), quarter), step=Return.Step(step), **how)  # fmt: skip


def test_every_scheme_has_a_row_of_its_own_class_and_twelve_months(cast, sign_in):
    an_entry(cast, month=2, amount_pence=1_234_50)
    page = sign_in("asha").get(HERE)
    assert fields(page)[f"v.{key(cast)}.2"] == "1234.50"
    assert fields(page)[f"v.{key(cast, 'ICT-01')}.12"] == ""
    assert "£1,234.50" in page.content.decode()  # the totals of the row, the column and the page


def totals(page):
    """The totals as the server prints them: of each row, then of each family's months and of them all."""
    body = page.content.decode()
    rows = re.findall(r"data-total>([^<]*)</td>", body)
    return rows, [re.findall(r"<td[^>]*>([^<]+)</td>", line) for line in re.findall(r"data-totals.*?</tr>", body, re.S)]


def test_nothing_recorded_is_no_total_of_nought(cast, sign_in):
    client, row = sign_in("asha"), key(cast)
    assert totals(client.get(HERE)) == (["none", "none"], [["none"] * 14])
    an_entry(cast, month=1, amount_pence=50_00)
    assert totals(client.get(HERE)) == (["none", "£50.00"], [["£50.00", *["none"] * 12, "£50.00"]])
    wrong = {f"v.{row}.2": "-50", f"v.{key(cast, 'ICT-01')}.3": "1.2.3"}
    page = client.post(HERE, typed(client.get(HERE), **wrong) | {"do": "check"})
    assert totals(page) == (["–", "£0.00"], [["£50.00", "−£50.00", *["none"] * 11, "£0.00"]])


def test_what_will_happen_is_said_first_and_then_happens(cast, sign_in):
    an_entry(cast, month=2)
    client, row = sign_in("asha"), key(cast)
    sent = typed(client.get(HERE), **{f"v.{row}.2": "900", f"v.{row}.3": "(£1,000.50)"})
    wrong = client.post(HERE, sent | {"do": "check"})
    assert "June 2025: A negative amount" in wrong.content.decode()
    sent[f"v.{row}.3"] = "£1,000.50"
    check = client.post(HERE, sent | {"do": "check"})
    assert "1 new, 1 changed, 0 removed" in check.content.decode()
    assert cells(cast) == {(row, 2): 1_000_00}
    unreasoned = client.post(HERE, fields(check) | {"do": "save", "reason": ""})
    assert "Say why" in unreasoned.content.decode()
    done = client.post(HERE, fields(unreasoned) | {"do": "save", "reason": "Keyed twice"})
    assert done.status_code == 302
    assert cells(cast) == {(row, 2): 900_00, (row, 3): 1_000_50}
    assert "Keyed twice" in client.get(done["Location"]).content.decode()
    again = client.post(HERE, fields(unreasoned) | {"do": "save", "reason": "Keyed twice"}, follow=True)
    assert "says what the ledger says" in again.content.decode()
    with acting(cast.people["asha"]):
        assert Entry.objects.count() == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [("12.345", "more than two figures"), ("1.2m", "shortened"), ("ten", "not an amount"), ("$5", "not in pounds"),
     ("1,23", "comma out of place"), ("5-", "minus sign at the end"), ("(5", "one bracket")],
)  # fmt: skip
def test_what_is_ambiguous_is_refused_at_its_cell_and_stays_typed(cast, sign_in, text, said):
    client, row = sign_in("asha"), key(cast)
    page = client.post(HERE, typed(client.get(HERE), **{f"v.{row}.2": text, f"v.{row}.3": "70"}) | {"do": "check"})
    body = page.content.decode()
    assert f'href="#v.{row}.2">REV-01 saving, cash-releasing, recurring, May 2025: ' in body
    assert said in body
    assert (fields(page)[f"v.{row}.2"], fields(page)[f"v.{row}.3"]) == (text, "70")
    assert cells(cast) == {}


def test_two_people_see_both_values_and_one_chooses(cast, sign_in):
    an_entry(cast, month=2)
    asha, ben, row = sign_in("asha"), sign_in("ben"), key(cast)
    mine = typed(asha.get(HERE), **{f"v.{row}.2": "800", f"v.{row}.3": "5"})
    theirs = ben.post(HERE, typed(ben.get(HERE), **{f"v.{row}.2": "700"}) | {"do": "check"})
    ben.post(HERE, fields(theirs) | {"do": "save", "reason": "Ben's"})
    check = asha.post(HERE, mine | {"do": "check"})
    body = check.content.decode()
    assert "it said £1,000.00" in body
    assert "Ben Carter recorded £700.00" in body
    assert "Put my £800.00 in its place" in body
    seen = dict(re.findall(r'name="(seen\.[^"]*)" value="([^"]*)"', body))
    unchosen = asha.post(HERE, fields(check) | seen | {"do": "save", "reason": "Asha's"})
    assert "Choose which amount holds" in unchosen.content.decode()
    assert cells(cast) == {(row, 2): 700_00}
    choice = {f"choose.{row}.2": "mine"}
    assert asha.post(HERE, fields(check) | seen | choice | {"do": "save", "reason": "Asha's"}).status_code == 302
    assert cells(cast) == {(row, 2): 800_00, (row, 3): 5_00}


def test_the_other_value_can_be_left(cast, sign_in):
    asha, row = sign_in("asha"), key(cast)
    mine = typed(asha.get(HERE), **{f"v.{row}.2": "800", f"v.{row}.3": "5"})
    an_entry(cast, by="ben", month=2, amount_pence=700_00)
    check = asha.post(HERE, mine | {"do": "check"})
    seen = dict(re.findall(r'name="(seen\.[^"]*)" value="([^"]*)"', check.content.decode()))
    choice = {f"choose.{row}.2": "theirs"}
    asha.post(HERE, fields(check) | seen | choice | {"do": "save"})
    assert cells(cast) == {(row, 2): 700_00, (row, 3): 5_00}


def test_a_closed_quarter_is_locked_with_who_and_when(cast, sign_in):
    an_entry(cast, month=2)
    client, row = sign_in("asha"), key(cast)
    before = client.get(HERE)
    close(cast)
    page = client.get(HERE)
    assert "April to June 2025: closed by Ben Carter on 15 June 2026" in page.content.decode()
    assert f"v.{row}.2" not in fields(page)
    assert f"v.{row}.4" in fields(page)
    late = client.post(HERE, typed(before, **{f"v.{row}.2": "5"}) | {"do": "check"})
    assert "May 2025: Closed by Ben Carter" in late.content.decode()
    assert fields(late)[f"v.{row}.2"] == "5"


def test_a_new_budget_is_asked_about_once_and_the_entries_name_it(cast, sign_in):
    client, row = sign_in("asha"), key(cast)
    sent = typed(client.get(HERE), **{f"v.{row}.2": "5", f"v.{row}.3": "6", f"k.{row}": "R77"})
    check = client.post(HERE, sent | {"do": "check"})
    assert "Taken out of budget R77" in check.content.decode()
    empty = client.post(HERE, fields(check) | {"do": "save", "code": "R77", "taken_0": ""})
    assert "Enter an amount" in empty.content.decode()
    over = client.post(HERE, fields(check) | {"do": "save", "code": "R77", "taken_0": "10"})
    assert "would come to more than was taken out" in over.content.decode()
    assert client.post(HERE, fields(check) | {"do": "save", "code": "R77", "taken_0": "11"}).status_code == 302
    with acting(cast.people["asha"]):
        assert set(Entry.objects.values_list("budget_reduction__code", flat=True)) == {"R77"}


def test_going_back_loses_nothing(cast, sign_in):
    client, row = sign_in("asha"), key(cast)
    check = client.post(HERE, typed(client.get(HERE), **{f"v.{row}.2": "5", f"k.{row}": "R77"}) | {"do": "check"})
    back = client.post(HERE, fields(check) | {"do": "edit"})
    assert (fields(back)[f"v.{row}.2"], fields(back)[f"k.{row}"]) == ("5", "R77")


def test_the_quarter_before_is_suggested_and_not_saved(cast, sign_in):
    for month, pence in ((1, 100_00), (2, 200_00), (3, 300_00)):
        an_entry(cast, month=month, amount_pence=pence)
    an_entry(cast, month=5, amount_pence=9_00)
    client, row = sign_in("asha"), key(cast)
    page = client.get(f"{HERE}&copy=2025-26-q2")
    assert "2 months are suggested" in page.content.decode()
    assert [fields(page)[f"v.{row}.{month}"] for month in (4, 5, 6)] == ["100", "9", "300"]
    assert f"s.{row}.4" in fields(page)
    assert len(cells(cast)) == 4
    typed_over = client.post(
        HERE, typed(client.get(HERE), **{f"v.{row}.4": "7"}) | {"do": "copy", "copy": "2025-26-q2"}
    )
    assert [fields(typed_over)[f"v.{row}.{month}"] for month in (4, 6)] == ["7", "300"]
    check = client.post(HERE, fields(page) | {"do": "check"})
    assert "2 new, 0 changed" in check.content.decode()


def test_the_first_quarter_is_copied_from_the_year_before(cast, sign_in):
    an_entry(cast, year=2024, month=11, amount_pence=40_00)
    page = sign_in("asha").get(f"{HERE}&copy=2025-26-q1")
    assert fields(page)[f"v.{key(cast)}.2"] == "40"


def chosen(page):
    """The partnership that the page has open, by name."""
    return re.findall(r"<option[^>]* selected>([^<]*)</option>", page.content.decode())[1]


def test_a_copy_opens_a_partnership_that_has_something_to_copy(cast, sign_in):
    with acting(cast.people["ben"], FOUNDED) as how:
        arrangement.found(
            **how, slug="a-first", name="A first by name", started_on=FOUNDED.date(), form="delegation",
            services=[cast.schemes["REV-01"].service], members=[{"council": cast.councils["NFD"], "role": "provider"}],
        )  # fmt: skip
    client = sign_in("asha")
    copied = f"{HERE.split('?')[0]}?copy=2026-27-q1"
    assert "A first by name" in chosen(client.get(copied))  # nothing anywhere: the first, which says so
    an_entry(cast, month=11, amount_pence=40_00)
    page = client.get(copied)
    assert "North and South" in chosen(page)
    assert fields(page)[f"v.{key(cast)}.2"] == "40"
    assert "A first by name" in chosen(client.get(f"{copied}&partnership=a-first"))
    assert client.get(f"{HERE.split('?')[0]}?copy=x").status_code == 404


@pytest.mark.parametrize("quarter", ["2024-25-q1", "x", "2025-26-q9"])
def test_a_quarter_of_another_year_is_not_there(cast, sign_in, quarter):
    assert sign_in("asha").get(f"{HERE}&copy={quarter}").status_code == 404


def test_lines_can_be_pasted_without_script(cast, sign_in):
    client, row = sign_in("asha"), key(cast)
    block = "scheme\tApril\tMay\nREV-01\t£1,200.50\t\t70\n"
    page = client.post(HERE, fields(client.get(HERE)) | {"do": "paste", "block": block})
    assert [fields(page)[f"v.{row}.{month}"] for month in (1, 2, 3)] == ["£1,200.50", "", "70"]
    wrong = client.post(HERE, fields(page) | {"do": "paste", "block": "REV-1\t5\nICT-01\t1.2.3"})
    body = wrong.content.decode()
    assert "Line 1, scheme: “REV-1” is not a scheme of this grid. Did you mean “REV-01”?" in body
    assert "Line 2, april: “1.2.3” has more than one point" in body
    assert fields(wrong)[f"v.{row}.1"] == "£1,200.50"


def test_a_row_for_a_cost_can_be_added(cast, sign_in):
    client = sign_in("asha")
    scheme = cast.schemes["REV-01"].public_id
    sent = typed(client.get(HERE), **{f"v.{key(cast)}.2": "5"})
    page = client.post(HERE, sent | {"do": "add", "add_scheme": str(scheme), "add_kind": "one_off_cost"})
    cost = RowKey(scheme, "one_off_cost", "", "one_off").text
    assert f"v.{cost}.2" in fields(page)
    assert fields(page)[f"v.{key(cast)}.2"] == "5"
    check = client.post(HERE, fields(page) | {f"v.{cost}.1": "12", "do": "check"})
    client.post(HERE, fields(check) | {"do": "save"})
    assert cells(cast) == {(key(cast), 2): 5_00, (cost, 1): 12_00}


def test_one_document_proves_all_that_was_saved(cast, sign_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, row = sign_in("asha"), key(cast)
    check = client.post(HERE, typed(client.get(HERE), **{f"v.{row}.2": "5", f"v.{row}.3": "6"}) | {"do": "check"})
    place = client.post(HERE, fields(check) | {"do": "save"})["Location"]
    assert "2 without a document" in client.get(place).content.decode()
    assert sign_in("dev").get(place).status_code == 404
    assert sign_in("gwen").post(place).status_code == 403
    assert "Choose a file" in client.post(place).content.decode()
    done = client.post(place, {"file_1": SimpleUploadedFile("Monitoring.pdf", PDF)}, follow=True)
    assert "Each of them has a document" in done.content.decode()
    with acting(cast.people["asha"]):
        assert set(Entry.objects.values_list("state__grade", flat=True)) == {1}


@pytest.mark.parametrize("who", ["erin", "farah", "gwen", "ada"])
def test_only_who_records_has_a_grid(cast, sign_in, who):
    assert sign_in(who).get(HERE).status_code == 403
    assert sign_in(who).post(HERE, {"do": "check"}).status_code == 403


def test_anothers_council_is_never_opened(cast, sign_in):
    """An address that names it opens the person's own first one, as if it did not exist."""
    assert "North and South" not in sign_in("cleo").get(HERE).content.decode()
    page = sign_in("omar").get(HERE).content.decode()
    assert "Southmere, 2025/26" in page
    assert "Northford, 2025/26" not in page


@pytest.mark.parametrize("spoilt", [{"w.x": ""}, {"w.{row}": "1,2"}, {"w.{row}": "x:y,,,,,,,,,,,,"}])
def test_a_page_that_was_never_ours_is_refused_in_words(cast, sign_in, spoilt):
    sent = {name.format(row=key(cast)): value for name, value in spoilt.items()}
    assert "no longer good" in sign_in("asha").post(HERE, sent | {"do": "save"}).content.decode()


def test_sixty_schemes_cost_no_more_queries_than_two_and_post_within_two_seconds(
    cast, sign_in, django_assert_max_num_queries
):
    client = sign_in("asha")
    with django_assert_max_num_queries(19):
        client.get(HERE)
    with acting(cast.people["ben"], FOUNDED) as how:
        for number in range(58):
            schemes.propose(
                partnership=cast.partnership, service=cast.schemes["REV-01"].service, reference=f"S-{number:02}",
                title="One of many", owner="Head of revenues", benefit_class=BenefitClass.CASH_RELEASING,
                recurrence=Recurrence.RECURRING, **how,
            )  # fmt: skip
    with django_assert_max_num_queries(19):
        page = client.get(HERE)
    months = {name: "10" for name in fields(page) if re.match(r"v\..*\.([1-9]|1[0-2])$", name)}
    assert len(months) == 60 * 12
    began = time.process_time()
    check = client.post(HERE, fields(page) | months | {"do": "check"})
    done = client.post(HERE, fields(check) | {"do": "save"})
    took = time.process_time() - began
    assert done.status_code == 302
    assert len(cells(cast)) == 720
    assert took < 4, took  # seconds of this process for both posts: a busy machine changes nothing about them
    with django_assert_max_num_queries(19):
        client.get(HERE)


def test_a_reason_is_not_called_optional_where_it_is_needed(cast, sign_in):
    an_entry(cast, month=2)
    client, row = sign_in("asha"), key(cast)
    page = client.post(HERE, typed(client.get(HERE), **{f"v.{row}.2": "900"}) | {"do": "check"}).text
    assert "Why are amounts already recorded changed?" in page
    assert "(optional)" not in page
