"""Refuses to serve as a role that row-level security does not hold (DESIGN 10.25, 10.26).

A policy that the owner or a superuser walks past looks exactly like one that works, so the servers ask PostgreSQL who
they are before the first request or task.
"""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

WHO = """
SELECT current_user, r.rolsuper, r.rolbypassrls,
       pg_has_role(current_user, d.datdba, 'MEMBER')
  FROM pg_roles r, pg_database d
 WHERE r.rolname = current_user AND d.datname = current_database()
"""
OPEN_TABLES = """
SELECT c.relname, pg_has_role(current_user, c.relowner, 'MEMBER'), c.relrowsecurity AND c.relforcerowsecurity
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
   AND (NOT (c.relrowsecurity AND c.relforcerowsecurity) OR pg_has_role(current_user, c.relowner, 'MEMBER'))
 ORDER BY c.relname
"""


def breaches() -> list[str]:
    """One sentence for each way this process's role could go round row-level security; empty when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(WHO)
        user, superuser, bypasses, owner = cursor.fetchone()
        cursor.execute(OPEN_TABLES)
        tables = cursor.fetchall()
    found = []
    if superuser:
        found.append(f"{user} is a superuser.")
    if bypasses:
        found.append(f"{user} has BYPASSRLS.")
    if owner and not superuser:
        found.append(f"{user} owns the database, or is a member of the role that does.")
    if not superuser and (owned := [name for name, owns, _ in tables if owns]):
        found.append(f"{user} owns tables: {', '.join(owned)}.")
    if open_tables := [name for name, _, forced in tables if not forced]:
        found.append(f"Row-level security is not forced on: {', '.join(open_tables)}.")
    return found


def refuse_to_start_without_walls() -> None:
    """Raise `ImproperlyConfigured` when this role could see or change what row-level security hides."""
    found = breaches()
    connection.close()  # the servers fork after this, and a connection must not be shared
    if found:
        raise ImproperlyConfigured(
            "This server will not start, because its database role could go round row-level security. "
            + " ".join(found)
            + " DATABASE_URL and WORKER_DATABASE_URL must name banked_app and banked_worker as savings/sql/roles.sql"
            " makes them, and every migration must have been applied."
        )


@register("walls", deploy=True)
def check_walls(**_kwargs: object) -> list[CheckMessage]:
    """The same question from `manage.py check --deploy --tag walls`, with DATABASE_ROLE=app or worker."""
    if settings.DATABASE_ROLE not in {"app", "worker"}:
        return []
    return [Error(sentence, id="savings.E001") for sentence in breaches()]
