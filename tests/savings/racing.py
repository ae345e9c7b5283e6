"""Two people at once, with a real connection each: the first stops before its commit, the second meets it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.test import Client

from councils.refusals import Refused
from tests.database import superuser
from tests.factories import acting

PATIENCE = 20  # seconds until a thread that nobody answers gives up


class Said(str):
    """The words of a refusal."""


def at_once(first, second):
    """Each is (person, action(how)). What the two came to, in that order: what the action returned, or `Said` words.

    The second starts when the first has done everything but commit, and the first commits when the second waits for
    it or has finished.
    """
    done, waits = threading.Event(), threading.Event()

    def one(person, action, before_commit):
        try:
            with acting(person) as how, transaction.atomic():
                try:
                    came_to = action(how)
                except Refused as refusal:
                    came_to = Said(refusal)
                before_commit()
            return came_to
        finally:
            done.set()
            connection.close()

    def hold():
        done.set()
        assert waits.wait(PATIENCE)

    with ThreadPoolExecutor(2) as pool:
        a = pool.submit(one, *first, hold)
        assert done.wait(PATIENCE)
        done.clear()
        b = pool.submit(one, *second, lambda: None)
        until_somebody_waits(or_finished=b)
        waits.set()
        return a.result(), b.result()


def until_somebody_waits(or_finished):
    """In this test's own database: another process of the tests has people waiting for each other too."""
    waiting = "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = %s"
    with superuser() as root:
        for _ in range(PATIENCE * 100):
            if or_finished.done() or root.execute(waiting, [connection.settings_dict["NAME"]]).fetchone():
                return
            time.sleep(0.01)
    raise AssertionError("the second neither waited nor finished")


def identical_posts(user, address, make_form, *, times=20):
    """(status, text after the redirect) of each of `times` identical posts, each with a session and connection."""
    together = threading.Barrier(times)
    clients = []
    for _ in range(times):
        client = Client(raise_request_exception=False)
        client.force_login(user)
        clients.append((client, make_form()))

    def post(client, form):
        try:
            together.wait(PATIENCE)
            answer = client.post(address, form)
            status = answer.status_code
            text = client.get(answer["Location"]).content.decode() if status == 302 else answer.content.decode()
            return status, text
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda each: post(*each), clients))
