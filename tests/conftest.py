"""Databases and the cast. `db` (rolled back) is for most tests; `committed` is for those that need real commits."""

import os

import pytest
from django.db import connections
from django.test import Client
from hypothesis import HealthCheck, settings

from tests import cast as standing
from tests import database
from tests.look import look

__all__ = ["look"]  # a fixture, for pages in a real browser

# Both processes may be at work beside a browser: how long one example took says nothing about what it shows.
settings.register_profile("patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """In place of pytest-django's: a clone of the template, used as the application's role."""
    name = f"banked_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with django_db_blocker.unblock():
        database.make_template(standing.people_the_template)
        database.clone(name)
        database.use(name)
        yield name
        connections.close_all()


@pytest.fixture
def cast(db):
    """The standing cast, in a transaction that is rolled back."""
    with database.as_role("worker"):
        return standing.find_cast()


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A database whose commits are real; replaced by a fresh clone afterwards. Yields its name."""
    with django_db_blocker.unblock():
        try:
            yield django_db_setup
        finally:
            connections.close_all()
            database.clone(django_db_setup)


@pytest.fixture
def committed_cast(committed):
    with database.as_role("worker"):
        return standing.find_cast()


@pytest.fixture
def sign_in(cast):
    """`sign_in("asha")` is a test client with that person's session; `sign_in(None)` is a stranger's."""

    def client_of(name):
        client = Client()
        if name:
            client.force_login(cast.users[name])
        return client

    return client_of
