"""`look`: what is wrong with a page as it stands in Chromium, and what went wrong on the way to it."""

from pathlib import Path

import pytest

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WATCH = """
document.addEventListener("securitypolicyviolation", (event) => reportViolation(
    `policy: ${event.effectiveDirective} refused ${event.blockedURI} ${event.sample} (${event.sourceFile})`));
"""
RUN_AXE = """
async (tags) => (await axe.run(document, {runOnly: tags})).violations.map(
    (rule) => `axe: ${rule.id}: ${rule.help}: ${rule.nodes.map((node) => node.target.join(" ")).join(", ")}`)
"""


class Look:
    """`assert look(page) == []`: what is wrong with the page as it stands, and what went wrong on the way to it.

    Sentences that begin "policy:" (the content security policy refused something), "console:" (anything said there),
    "script:" (an exception nobody caught) or "axe:" (WCAG 2.2 AA). Every page of a context is watched from its start.
    """

    def __init__(self):
        self.seen = []

    def watch(self, context):
        """Listen on `context` from before its first page is opened: Plotly's refusals come early and only once."""
        context.expose_function("reportViolation", self._policy)
        context.add_init_script(WATCH)
        context.on("console", self._console)
        context.on("weberror", self._script)

    def _policy(self, sentence):
        self.seen.append(sentence)

    def _script(self, error):
        self.seen.append(f"script: {error.error}")

    def _console(self, message):
        # A page that is not there is answered in HTML with 404; that a test asked for it is not the page's fault.
        if message.type in {"error", "warning", "log"} and "Failed to load resource" not in message.text:
            self.seen.append(f"console: {message.text}")

    def __call__(self, page):
        page.wait_for_load_state("networkidle")
        found, self.seen = self.seen, []
        page.evaluate(AXE.read_text("utf-8"))
        found += page.evaluate(RUN_AXE, WCAG)
        self.seen = []  # axe tries colours by inline style, and is refused; that is its doing, not the page's
        return found


@pytest.fixture
def look(context):
    """Ask for it before the page is opened; `look.watch(other)` for a context of one's own."""
    looking = Look()
    looking.watch(context)
    return looking
