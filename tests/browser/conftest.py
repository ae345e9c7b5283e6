"""What browser tests share: `look`, which finds what is wrong with a page, and pages to look at.

`guide` serves the style guide. `site` serves the product as one person sees it, over HTTP on a free port, from a
thread: what the test commits is there, and Celery is not. Journeys that need the real server and worker start those
themselves; `look` serves them just as well.

Chromium itself, and the loud skip without it, come from tests/tiers.py.
"""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.test.testcases import LiveServerThread

from tests.browser import style_guide

AXE = Path(__file__).parent.parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
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


@pytest.fixture
def guide(context):
    """Serves the style guide to this context's pages under its address, without a server or a database."""
    context.route(f"{style_guide.ADDRESS}/**", style_guide.answer)
    return style_guide.ADDRESS


@pytest.fixture
def site(context, committed_cast):
    """`site("asha")` signs this context in as Asha and returns the product's address; `site(None)` for a stranger."""
    # Its own threads open their own connections, so pages read what is committed, as they do in production.
    server = LiveServerThread("localhost", StaticFilesHandler, connections_override={}, port=0)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error

    def address_for(name):
        address = f"http://localhost:{server.port}"
        if name:
            client = Client()
            client.force_login(committed_cast.users[name])
            session = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": session.key, "value": session.value, "url": address}])
        return address

    yield address_for
    server.terminate()
