"""What browser tests share: `look`, which finds what is wrong with a page, and pages to look at.

`guide` serves the style guide. `site` serves the product as one person sees it, over HTTP on a free port, from a
thread: what the test commits is there, and Celery is not. Journeys that need the real server and worker start those
themselves; `look` serves them just as well.

Chromium itself, and the loud skip without it, come from tests/tiers.py.
"""

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.test.testcases import LiveServerThread

from tests.browser import style_guide


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
