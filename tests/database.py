"""The tests' databases: one template, migrated and peopled once, and a clone of it for each process.

Flushing would meet the triggers that refuse TRUNCATE, so a test that commits gets a fresh clone afterwards, made by
the cluster's superuser, outside the application (DESIGN 10.29). Connections log in as that superuser and at once
become `banked_app` for the session, so that a test can change roles (`as_role`) without leaving its transaction;
what PostgreSQL then checks is the role, exactly as for a connection of its own.
"""

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.signals import connection_created
from psycopg import sql

from savings.services import postgres

TEMPLATE = "banked_template"
EMPTY = "banked_empty"  # the same without the cast: what a new database looks like
ROLES = ("app", "worker", "owner", "readonly", "backup")


def superuser(database="postgres"):
    """A connection of the cluster's superuser, in autocommit."""
    return psycopg.connect(
        host=os.environ["BANKED_TEST_CLUSTER"],
        user=os.environ["BANKED_TEST_SUPERUSER"],
        dbname=database,
        autocommit=True,
    )


def settings_for(database):
    """What `DATABASES["default"]` becomes."""
    kept = {
        "NAME": database,
        "USER": os.environ["BANKED_TEST_SUPERUSER"],
        "HOST": os.environ["BANKED_TEST_CLUSTER"],
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
    }
    return {**connections["default"].settings_dict, **kept}


def become_app(sender, connection, **_):
    set_role(connection, "app")


def set_role(on, role):
    assert role in ROLES, role
    with on.cursor() as cursor:
        cursor.execute(f"SET SESSION AUTHORIZATION banked_{role}")


@contextmanager
def as_role(role):
    """Within it, the default connection is the database role `role`; afterwards it is the application again."""
    set_role(connection, role)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            set_role(connection, "app")


def use(database):
    """Point the default connection at `database`."""
    connections["default"].close()
    connections["default"].settings_dict.update(settings_for(database))


def make_template(people_it):
    """Migrate and people the template once for all processes of this run; `people_it` is called as the worker."""
    with open(Path(os.environ["DATA_DIR"]) / "template.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with superuser() as root:
            if root.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
                return
        postgres.run_roles(Path(os.environ["BANKED_TEST_CLUSTER"]), database=f"{TEMPLATE}_new")
        use(f"{TEMPLATE}_new")
        set_role(connection, "owner")
        call_command("migrate", verbosity=0)
        connections.close_all()
        clone(EMPTY, of=f"{TEMPLATE}_new")
        set_role(connection, "worker")
        people_it()
        connections.close_all()
        with superuser() as root:
            root.execute(f"ALTER DATABASE {TEMPLATE}_new RENAME TO {TEMPLATE}")


def clone(name, of=TEMPLATE):
    """A fresh copy of the template `of` under `name`, replacing what was there."""
    with superuser() as root:
        place = sql.Identifier(name)
        root.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(place))
        root.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(place, sql.Identifier(of)))
        # a clone does not inherit who may connect, nor that its acts are of another time (the cast's NOW)
        root.execute(sql.SQL("ALTER DATABASE {} OWNER TO banked_owner").format(place))
        root.execute(sql.SQL("ALTER DATABASE {} SET banked.clock TO 'free'").format(place))


connection_created.connect(become_app)
