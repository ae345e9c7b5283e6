"""Every template piece, looked at in Chromium: WCAG 2.2 AA, the content security policy, both widths, no script."""

import pytest

from tests.browser import style_guide

pytestmark = pytest.mark.browser
WIDTHS = (1280, 375)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["pieces", "list", "form", "form-errors", "400", "403", "403_csrf", "404", "500"])
def test_nothing_is_wrong_with_a_page(look, guide, page, name, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{guide}/{name}")
    if name == "pieces":
        page.wait_for_selector("[data-drawn]")
    assert look(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_looking_finds_what_it_should(look, guide, page):
    """The control: a page that is wrong in three ways."""
    page.goto(f"{guide}/broken")
    kinds = {finding.split(":")[0] for finding in look(page)}
    assert kinds == {"policy", "console", "axe"}


def test_the_chart_is_drawn_and_its_figures_open_beneath(guide, page):
    page.goto(f"{guide}/pieces")
    page.wait_for_selector(".app-chart[data-drawn] .main-svg")
    assert not page.get_by_role("cell", name="£2400k").is_visible()
    page.get_by_text("The figures in this chart").click()
    assert page.get_by_role("cell", name="£2400k").is_visible()


def test_nothing_jumps_while_the_chart_comes(guide, page):
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => shift += one.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.set_viewport_size({"width": 375, "height": 900})
    page.goto(f"{guide}/pieces")
    page.wait_for_selector("[data-drawn]")
    assert page.evaluate("window.shift") <= 0.05


def test_a_page_without_charts_does_not_load_the_chart_library(guide, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{guide}/list")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "plotly" in url]


def test_without_script_everything_is_there(guide, browser):
    with browser.new_context(java_script_enabled=False) as context:
        context.route(f"{style_guide.ADDRESS}/**", style_guide.answer)
        page = context.new_page()
        page.goto(f"{guide}/pieces")
        assert page.get_by_role("link", name="Partnerships").is_visible()
        assert not page.locator(".app-chart").is_visible()
        page.get_by_text("The figures in this chart").click()
        assert page.get_by_role("cell", name="£2400k").is_visible()


def test_an_error_leads_to_its_control_by_keyboard(guide, page):
    page.goto(f"{guide}/form-errors")
    assert page.title().startswith("Error: ")
    page.get_by_role("link", name="Answer “Does it come back?”").press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_recurrence_0"


def test_the_first_tab_offers_to_skip_to_the_content(guide, page):
    page.goto(f"{guide}/404")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"


def test_a_form_is_sent_once_however_often_it_is_pressed(guide, page):
    page.goto(f"{guide}/form")
    page.evaluate(
        "window.sent = 0; addEventListener('submit', (e) => { if (!e.defaultPrevented) sent += 1; e.preventDefault() })"
    )
    for _ in range(3):
        page.get_by_role("button", name="Record it").click()
    assert page.evaluate("window.sent") == 1


def test_error_pages_need_neither_database_nor_request():
    """Django prints 500.html with no request at all; without a `db` fixture a query would be refused here."""
    for number in ("400", "403", "404", "500"):
        assert "govuk-template__body" in style_guide.render_to_string(f"{number}.html")
