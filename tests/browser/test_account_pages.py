"""Signing in and out, and passwords, as django-allauth serves them in our frame."""

import pytest

pytestmark = pytest.mark.browser


STRANGERS = ["login/", "password/reset/", "password/reset/done/", "password/reset/key/1-wrong/", "signup/", "inactive/"]
PEOPLES = ["logout/", "password/change/", "email/"]


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize(("who", "paths"), [(None, STRANGERS), ("asha", PEOPLES)])
def test_nothing_is_wrong_with_the_pages(look, site, page, who, paths, width):
    page.set_viewport_size({"width": width, "height": 900})
    address = site(who)
    for path in paths:
        page.goto(f"{address}/accounts/{path}")
        assert (path, look(page)) == (path, [])
        assert page.locator("h1").count() == 1
        assert page.get_by_role("banner").get_by_text("Asha Rao").count() == bool(who)


def test_a_wrong_password_is_refused_above_the_form(look, site, page):
    page.goto(f"{site(None)}/accounts/login/")
    page.get_by_label("Email").fill("asha@example.org")
    page.get_by_label("Password", exact=True).fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("alert").get_by_text("There is a problem").is_visible()
    assert page.title().startswith("Error: ")
    assert page.get_by_label("Email").input_value() == "asha@example.org"
    assert look(page) == []


def test_a_password_can_be_shown_while_typing(site, page):
    page.goto(f"{site(None)}/accounts/login/")
    page.get_by_role("button", name="Show password").click()
    assert page.get_by_label("Password", exact=True).get_attribute("type") == "text"
