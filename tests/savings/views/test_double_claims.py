"""The list of double claims, and saying that two are different savings."""

import datetime

import pytest

from savings.actions import entries
from savings.models import Distinction, DistinctionAcross
from tests.cast import NOW
from tests.database import as_role
from tests.factories import acting, an_entry
from tests.savings.reporting.ledger import fact, roll_up, southmere_claims, southmere_pays
from tests.savings.reporting.test_double_claims import claimed_in_both

PAGE = "/double-claims/"


@pytest.fixture(autouse=True)
def _on_a_day_of_the_cast(time_machine):
    time_machine.move_to(NOW, tick=False)


def claimed_twice(cast):
    one, other = an_entry(cast, amount_pence=90_000_00), southmere_claims(cast, amount_pence=90_500_00)
    roll_up()
    return one, other


def settle(client, entry, *others, reason="Two posts, one in each council."):
    sent = {"entry": entry.public_id, "other": [other.public_id for other in others], "reason": reason}
    return client.post(PAGE, sent, follow=True)


def test_it_says_which_one_counts_why_and_what_it_costs(cast, sign_in):
    claimed_twice(cast)
    page = sign_in("gwen").get(PAGE).text
    for words in (
        "Same saving claimed twice, 2025/26", "£90,500.00 is claimed and counts as nothing",
        "the smaller amount counts", "Left out", "Counts", "£90,000.00 for the whole of 2025/26 on REV-01",
    ):  # fmt: skip
        assert words in page
    assert "These are different savings" not in page


def test_a_lead_who_recorded_neither_finds_them_distinct_and_both_count(cast, sign_in):
    one, other = claimed_twice(cast)
    ben = sign_in("ben")
    assert "Double claims to settle" in sign_in("dev").get("/").text
    page = settle(ben, other, one).text
    assert "Kept: these are different savings" in page
    assert "Found to be a different saving" in page
    roll_up()
    assert fact(cast, "STM")["counted"] == 90_500_00
    assert "Nothing is claimed twice" in ben.get(PAGE).text
    assert "Double claims to settle" not in sign_in("dev").get("/").text


def test_a_group_of_three_is_told_apart_at_once(cast, sign_in):
    one = an_entry(cast, amount_pence=80_000_00, document_ref="DOC")
    two = an_entry(cast, scheme="ICT-01", amount_pence=80_000_00, document_ref="DOC")
    three = southmere_claims(cast, amount_pence=79_500_00)
    roll_up()
    settle(sign_in("dev"), one, two, three)
    roll_up()
    with as_role("worker"):
        assert Distinction.objects.count() == 2
    assert fact(cast)["counted"] == 160_000_00


def test_whoever_recorded_one_is_told_to_leave_it_to_another(cast, sign_in):
    one, other = an_entry(cast, by="ben", amount_pence=90_000_00), southmere_claims(cast, amount_pence=90_500_00)
    roll_up()
    ben = sign_in("ben")
    assert "You recorded one of these" in ben.get(PAGE).text
    assert "somebody else has to say" in settle(ben, other, one).text
    with as_role("worker"):
        assert not Distinction.objects.exists()


def test_a_reason_is_needed_and_nothing_is_lost(cast, sign_in):
    one, other = claimed_twice(cast)
    page = settle(sign_in("ben"), other, one, reason=" ").text
    assert "There is a problem" in page
    with as_role("worker"):
        assert not Distinction.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("asha", 403), ("erin", 403), ("farah", 403), ("cleo", 404), ("ada", 403)])
def test_nobody_else_may(cast, sign_in, who, status):
    one, other = claimed_twice(cast)
    assert settle(sign_in(who), other, one).status_code == status
    with as_role("worker"):
        assert not Distinction.objects.exists()


def test_the_second_time_is_told_in_words(cast, sign_in):
    one, other = claimed_twice(cast)
    ben = sign_in("ben")
    settle(ben, other, one)
    assert "distinct already" in settle(ben, other, one).text


def test_charge_income_is_named_with_what_was_received(cast, sign_in):
    southmere_pays(cast, 50_000_00)
    an_entry(cast, amount_pence=49_800_00)
    roll_up()
    page = sign_in("ben").get(PAGE).text
    assert "Northford received £50,000.00 in charges from other members in 2025/26" in page
    assert "These are different savings" not in page


def test_a_saving_in_two_partnerships_is_settled_by_the_councils_own_lead(cast, sign_in):
    _, here, there = claimed_in_both(cast)
    roll_up()
    page = sign_in("ben").get(PAGE).text
    assert "Claimed in two partnerships, 2025/26" in page
    assert "£90,000.00 and £90,500.00 are counted, and shown as disputed" in page
    settle(sign_in("ben"), here, there)
    roll_up()
    with as_role("worker"):
        assert DistinctionAcross.objects.count() == 1
    assert "disputed" not in fact(cast)


def test_a_fellow_member_sees_that_it_is_disputed_and_not_where(cast, sign_in):
    claimed_in_both(cast)
    roll_up()
    page = sign_in("dev").get(PAGE).text
    assert "The other is in a partnership that you cannot see" in page
    assert "North and West" not in page
    assert "NW-01" not in page
    assert "90,500" not in page


def test_a_stranger_sees_nothing(cast, sign_in):
    claimed_twice(cast)
    assert "REV-01" not in sign_in("cleo").get(PAGE).text


def test_it_costs_the_same_however_many(cast, sign_in, django_assert_max_num_queries):
    for year in range(2021, 2026):
        an_entry(cast, year=year, amount_pence=90_000_00)
        southmere_claims(cast, year=year, amount_pence=90_500_00)
    roll_up()
    client = sign_in("ben")
    client.get(PAGE)
    with django_assert_max_num_queries(22):
        assert client.get(PAGE).text.count("Left out") == 5


def test_an_entry_that_is_left_out_says_so_on_its_page_and_in_the_list(cast, sign_in):
    one, other = claimed_twice(cast)
    gwen = sign_in("gwen")
    page = gwen.get(f"/entries/{other.public_id}/").text
    assert "This is left out of what counts." in page
    assert "Northford, REV-01 One revenues manager in place of two" in page
    assert "This counts; what looks like it does not." in gwen.get(f"/entries/{one.public_id}/").text
    listed = gwen.get("/entries/?standing=left_out").text
    assert "1 entry" in listed
    assert str(other.public_id) in listed
    tag = '<strong class="govuk-tag govuk-tag--grey">Left out</strong>'
    assert f'{tag}<span class="app-quiet">same saving claimed twice</span>' in gwen.get("/entries/").text


def test_income_claimed_as_a_saving_says_so_in_the_list_and_on_its_page(cast, sign_in):
    entry = an_entry(cast, amount_pence=500_00)
    southmere_pays(cast, 500_00)
    southmere_pays(cast, 500_00, by="asha", council="NFD")
    roll_up()
    gwen = sign_in("gwen")
    listed, page = gwen.get("/entries/").text, gwen.get(entry.get_absolute_url()).text
    for text in (listed, page):
        assert 'Left out</strong><span class="app-quiet">charge income claimed as a saving</span>' in text
    assert "Money from another member is not a saving." in page


def test_a_reversed_entry_is_left_out_of_nothing(cast, sign_in):
    one, other = claimed_twice(cast)
    with acting(cast.people["omar"]) as how:
        entries.reverse(entry=other, reason="Northford's", **how)
    roll_up()
    assert "No entry matches" in sign_in("gwen").get("/entries/?standing=left_out").text
    assert "what looks like it" not in sign_in("gwen").get(f"/entries/{one.public_id}/").text


def test_the_pages_of_council_and_partnership_bridge_claimed_and_counted(cast, sign_in):
    claimed_twice(cast)
    words = "Between claimed and counted, £90,500.00 is left out: £90,500.00 is claimed twice."
    assert words in sign_in("gwen").get("/partnerships/north-south/").text
    assert words in sign_in("dev").get("/councils/southmere/").text
    assert "Between claimed and counted" not in sign_in("gwen").get("/councils/northford/").text


def test_the_bridge_says_what_is_disputed_across_partnerships(cast, sign_in):
    _, here, _ = claimed_in_both(cast)
    roll_up()
    ben = sign_in("ben")
    assert "£180,500.00 more is claimed in two partnerships" in ben.get("/councils/northford/").text
    assert "Claimed twice</strong>" in ben.get("/entries/?standing=elsewhere").text
    assert "This is disputed." in ben.get(f"/entries/{here.public_id}/").text


def test_a_past_moment_says_what_was_left_out_then(cast, sign_in, time_machine):
    claimed_twice(cast)
    day = NOW + datetime.timedelta(days=2)
    time_machine.move_to(day, tick=False)
    gwen = sign_in("gwen")
    before, then = "/as-at/2026-06-14", f"/as-at/{NOW:%Y-%m-%d}"
    assert "Nothing is claimed twice" in gwen.get(f"{before}{PAGE}").text
    assert "£90,500.00 is claimed and counts as nothing" in gwen.get(f"{then}{PAGE}").text
    assert "1 entry" in gwen.get(f"{then}/entries/?standing=left_out").text


SETTLED = "/double-claims/settled/"


def taken_back(client, said, kind="within", reason="One post after all."):
    return client.post(SETTLED, {"kind": kind, "distinction": said.public_id, "reason": reason}, follow=True)


def the_distinction(model=Distinction):
    with as_role("worker"):
        return model.objects.order_by("-pk").first()


def test_what_was_found_distinct_is_listed_and_withdrawn(cast, sign_in):
    one, other = claimed_twice(cast)
    ben = sign_in("ben")
    settle(ben, other, one)
    page = sign_in("gwen").get(SETTLED).text
    for words in ("Both count", "Two posts, one in each council.", "Ben Carter found them different on 15 June 2026"):
        assert words in page
    assert "Withdraw this" not in page
    said = the_distinction()
    assert "There is a problem" in taken_back(ben, said, reason=" ").text
    page = taken_back(ben, said).text
    for words in (
        "the rules decide again",
        "Withdrawn",
        "One post after all.",
        "Before: Ben Carter found them different",
    ):
        assert words in page
    assert "Withdraw this" not in page
    assert "withdrawn already" in taken_back(ben, said).text
    roll_up()
    assert "Same saving claimed twice" in ben.get(PAGE).text


def test_a_distinction_across_partnerships_is_withdrawn_by_the_councils_own_lead(cast, sign_in):
    _, here, there = claimed_in_both(cast)
    roll_up()
    settle(sign_in("ben"), here, there)
    said = the_distinction(DistinctionAcross)
    assert "NW-01" not in sign_in("dev").get(SETTLED).text
    assert taken_back(sign_in("dev"), said, "across").status_code == 404
    assert "the rules decide again" in taken_back(sign_in("ben"), said, "across").text


@pytest.mark.parametrize(("who", "status"), [("asha", 403), ("erin", 403), ("farah", 403), ("cleo", 404), ("ada", 404)])
def test_nobody_else_withdraws(cast, sign_in, who, status):
    one, other = claimed_twice(cast)
    settle(sign_in("ben"), other, one)
    assert taken_back(sign_in(who), the_distinction()).status_code == status
    with as_role("worker"):
        assert Distinction.objects.count() == 1


def test_a_past_moment_says_that_it_stood_then(cast, sign_in, time_machine):
    one, other = claimed_twice(cast)
    ben = sign_in("ben")
    settle(ben, other, one)
    time_machine.move_to(NOW + datetime.timedelta(days=2), tick=False)
    ben = sign_in("ben")
    taken_back(ben, the_distinction())
    then = ben.get(f"/as-at/{NOW:%Y-%m-%d}{SETTLED}").text
    assert "Both count" in then
    assert "Withdraw" not in then


def test_claims_that_no_rule_caught_are_refused_in_words(cast, sign_in):
    one, other = an_entry(cast, amount_pence=10_000_00), southmere_claims(cast, amount_pence=90_000_00)
    assert "No rule takes these for one saving" in settle(sign_in("ben"), one, other).text
    with as_role("worker"):
        assert not Distinction.objects.exists()
