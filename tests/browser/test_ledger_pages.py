"""Signing off by keyboard, and where things stand on a page, in a browser."""

import pytest

from tests.factories import a_file, an_entry

pytestmark = pytest.mark.browser

# The list itself takes focus too, to be scrolled, and is taller than any window: only what stands in it is asked about.
HIDDEN = """
() => {
    const bar = document.querySelector(".app-decide"), on = document.activeElement;
    const mine = on.getBoundingClientRect(), its = bar.getBoundingClientRect();
    const above = on.matches("a, input") && !bar.contains(on);
    return above && bar.compareDocumentPosition(on) & Node.DOCUMENT_POSITION_PRECEDING
        && mine.bottom > its.top ? on.outerHTML : "";
}
"""
LANDMARKS = """
async () => (await axe.run(document, {runOnly: {type: "rule", values: ["region", "landmark-unique"]}})).violations.map(
    (rule) => `${rule.id}: ${rule.nodes.map((node) => node.target.join(" ")).join(", ")}`)
"""


@pytest.mark.parametrize("height", [600, 900])
def test_what_is_focused_is_never_under_the_bar(committed_cast, site, page, height):
    for month in range(1, 13):
        an_entry(committed_cast, month=month, ledger_code=f"R{month}", reduction_pence=1_000_00, files=[a_file()])
    page.set_viewport_size({"width": 1280, "height": height})
    page.goto(f"{site('ben')}/sign-off/")
    page.get_by_role("link", name="Tick all 12").focus()
    seen = 0
    while "reason" not in page.evaluate("document.activeElement.name || ''"):
        assert page.evaluate(HIDDEN) == ""
        page.keyboard.press("Tab")
        seen += 1
    assert seen >= 36  # a box, the entry and its document, twelve times


@pytest.mark.parametrize("path", ["/returns/north-south/NFD/2025-26-q1/", "/partnerships/north-south/"])
def test_everything_stands_in_a_landmark_of_its_own_name(look, site, page, path):
    page.goto(f"{site('asha')}{path}")
    assert look(page) == []
    assert page.locator("h1").count() == 1
    assert page.evaluate(LANDMARKS) == []
