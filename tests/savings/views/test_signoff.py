"""The sign-off queue: three piles, several at once, each decision an act of its own."""

import re

import pytest
from django.urls import reverse

from savings.actions import entries, evidence
from savings.models import Decision, Entry
from tests import factories
from tests.savings.views.test_entries import seen_by

QUEUE = "/sign-off/"


def ready(cast, month, **fields):
    return factories.an_entry(
        cast, month=month, ledger_code=f"R{month}", reduction_pence=1_000_00,
        files=[factories.a_file(title=f"Proof {month}")], **fields,
    )  # fmt: skip


def ticking(cast, *rows, do="sign", reason=""):
    with seen_by(cast, "ben"):
        shown = {f"shown-{row.public_id}": str(row.supports.last().public_id) for row in rows if row.supports.exists()}
    return {"entries": [str(row.public_id) for row in rows], "do": do, "reason": reason, **shown}


def test_what_waits_is_piled_by_what_can_be_done(cast, sign_in):
    signable, unproven = ready(cast, 1), factories.an_entry(cast, month=2)
    own = ready(cast, 3, by="ben")
    page = sign_in("ben").get(QUEUE).text
    piles = [page.index(words) for words in ("Ready for you", "Something stands in the way", "Somebody else must")]
    places = [page.index(f'href="{row.get_absolute_url()}"') for row in (signable, unproven, own)]
    assert piles[0] < places[0] < piles[1] < places[1] < piles[2] < places[2]
    assert page.count('type="checkbox"') == 1
    assert "There is no document to sign off against." in page
    assert "Proof 1" in page


def test_several_are_signed_off_at_once_each_in_its_own_act(cast, sign_in):
    rows = [ready(cast, month) for month in (1, 2, 3)]
    answer = sign_in("ben").post(QUEUE, ticking(cast, *rows[:2]), follow=True)
    assert "Signed off: 2 entries, £2,000.00 in all." in answer.text
    with seen_by(cast, "ben"):
        decided = list(Decision.objects.values_list("entry_id", "outcome"))
        acts = set(Decision.objects.values_list("act_id", flat=True))
    assert sorted(decided) == [(rows[0].pk, "signed_off"), (rows[1].pk, "signed_off")]
    assert len(acts) == 2
    assert "Ready for you to sign off (1)" in answer.text


def test_one_that_cannot_be_signed_is_named_and_the_others_are_signed(cast, sign_in):
    good, bare = ready(cast, 1), factories.an_entry(cast, month=2)
    answer = sign_in("ben").post(QUEUE, ticking(cast, good, bare), follow=True)
    assert "Signed off: £1,000.00 for April 2025 on REV-01." in answer.text
    assert "£1,000.00 for May 2025 on REV-01: There is no document" in answer.text


def test_returning_needs_a_reason_and_keeps_the_ticks(cast, sign_in):
    row = ready(cast, 1)
    ben = sign_in("ben")
    page = ben.post(QUEUE, ticking(cast, row, do="return"))
    assert "Say what has to be put right" in page.text
    assert f'value="{row.public_id}" id="tick-{row.public_id}" checked' in page.text
    answer = ben.post(QUEUE, ticking(cast, row, do="return", reason="Which post is it?"), follow=True)
    assert "Returned: £1,000.00 for April 2025 on REV-01." in answer.text
    assert "1 returned and not yet put right" in answer.text


def test_what_was_returned_waits_again_once_it_is_answered(cast, sign_in):
    row = ready(cast, 1)
    ben = sign_in("ben")
    ben.post(QUEUE, ticking(cast, row, do="return", reason="Which post is it?"))
    assert row.get_absolute_url() not in ben.get(QUEUE).text
    with factories.acting(cast.people["asha"]) as how:
        evidence.attach(entry=row, files=[factories.a_file("List.pdf", factories.PDF + b"2", title="Post list")], **how)
    page = ben.get(QUEUE).text
    assert "Ready for you to sign off (1)" in page
    assert "Returned, answered" in page
    assert "not yet put right" not in page


def test_nothing_ticked_says_so(sign_in, cast):
    ready(cast, 1)
    answer = sign_in("ben").post(QUEUE, {"do": "sign"})
    assert "Tick the entries first." in answer.text


def test_all_can_be_ticked_without_script(cast, sign_in):
    for month in (1, 2):
        ready(cast, month)
    assert len(re.findall(r"<input[^>]* checked", sign_in("ben").get(QUEUE, {"tick": "all"}).text)) == 2


def test_anothers_entry_slipped_in_is_passed_over(cast, sign_in):
    """Dev leads Southmere: he sees Northford's entries and may decide on none of them."""
    row = ready(cast, 1)
    with seen_by(cast, "dev"):
        form = {"entries": [str(row.public_id)], "do": "sign", "reason": ""}
    sign_in("dev").post(QUEUE, form)
    with seen_by(cast, "dev"):
        assert not Decision.objects.exists()


def test_a_reversed_entry_waits_for_nobody(cast, sign_in):
    row = ready(cast, 1)
    with factories.acting(cast.people["asha"]) as how:
        entries.reverse(entry=row, reason="Wrong", **how)
    assert "Nothing waits for you" in sign_in("ben").get(QUEUE).text


@pytest.mark.parametrize("name", ["asha", "erin", "farah", "gwen", "ada"])
def test_who_signs_nothing_has_no_queue(sign_in, name):
    assert sign_in(name).get(QUEUE).status_code == 403


def test_twenty_four_rows_cost_what_three_do(cast, sign_in, django_assert_max_num_queries):
    for month in range(1, 13):
        ready(cast, month)
        factories.an_entry(cast, month=month, scheme="ICT-01")
    with seen_by(cast, "ben"):
        assert Entry.objects.count() == 24
    ben = sign_in("ben")
    with django_assert_max_num_queries(21):
        ben.get(reverse("savings:sign-off-queue"))


def test_each_row_says_what_changed_since_the_last_quarter(cast, sign_in):
    factories.an_entry(cast, month=1, amount_pence=1_000_00)
    ready(cast, 4, amount_pence=800_00)
    ready(cast, 5, scheme="ICT-01", amount_pence=50_00)
    page = sign_in("ben").get(QUEUE).text
    assert "£200.00 less than last quarter (-20%): £1,000.00 then, £800.00 now" in page
    assert "New: nothing last quarter, £50.00 this quarter" in page
    assert "New: nothing last quarter, £1,000.00 this quarter" in page
