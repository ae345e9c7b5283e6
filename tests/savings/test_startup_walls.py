"""The servers ask who they are before they serve; the policies themselves are tried in tests/test_walls.py."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from savings import walls
from tests import database


@pytest.mark.parametrize("role", ["app", "worker"])
def test_the_roles_of_the_servers_may_start(db, role):
    with database.as_role(role):
        assert walls.breaches() == []


def test_the_owner_may_not_serve(db):
    with database.as_role("owner"):
        found = " ".join(walls.breaches())
    assert "owns the database" in found
    assert "owns tables" in found


def test_a_table_without_a_wall_stops_the_server(db, monkeypatch):
    monkeypatch.setattr(connection, "close", lambda: None)
    with database.as_role("owner"), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE savings_entry NO FORCE ROW LEVEL SECURITY")
        with pytest.raises(ImproperlyConfigured, match="not forced on: savings_entry"):
            walls.refuse_to_start_without_walls()
