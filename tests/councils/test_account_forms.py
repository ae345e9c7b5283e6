"""What the pages of accounts ask for is labelled as everywhere else: a capital first, and no other."""

import re

import pytest

from savings.passwords import link

LABEL = re.compile(r"<label[^>]*>\s*(.*?)\s*</label>", re.DOTALL)


def labels(page):
    return LABEL.findall(page.content.decode())


def test_a_password_is_changed_in_sentence_case(sign_in):
    assert labels(sign_in("asha").get("/accounts/password/change/")) == [
        "Current password", "New password", "New password again"
    ]  # fmt: skip


def test_a_password_is_set_by_link_in_sentence_case(cast, client):
    address = link(cast.users["asha"])
    page = client.get(address[address.index("/accounts") :], follow=True)
    assert labels(page) == ["New password", "New password again"]


@pytest.mark.parametrize("address", ["login/", "password/reset/", "reauthenticate/"])
def test_so_is_everything_else_that_is_asked(sign_in, address):
    who = "asha" if address == "reauthenticate/" else None
    found = labels(sign_in(who).get(f"/accounts/{address}"))
    assert found
    assert [each for each in found if each != each.capitalize()] == []
