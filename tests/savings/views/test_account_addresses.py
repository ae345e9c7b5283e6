"""Accounts are given by an administrator: nobody changes the address they sign in with, or adds one."""

import pytest


@pytest.mark.parametrize("address", ["/accounts/email/", "/accounts/password/set/", "/accounts/confirm-email/"])
def test_an_address_is_not_changed_by_its_owner(address, sign_in):
    assert sign_in("asha").get(address).status_code == 404
    assert sign_in("asha").post(address, {"email": "new@example.org", "action_add": ""}).status_code == 404


def test_pages_of_people_are_kept_by_nobody_else(sign_in, client):
    assert sign_in("asha").get("/")["Cache-Control"] == "private, no-cache"
    assert not client.get("/").has_header("Cache-Control")
