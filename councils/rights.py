"""What a person may do for which council. Every permission question is answered here, from one query a request.

The database asks the same question again by itself (`scope_open` calls the same `roles_held`); this one only decides
what to offer and which words to refuse with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import connection

from .models import Role

OFFICER, LEAD = Role.What.FINANCE_OFFICER, Role.What.FINANCE_LEAD
RECORDING = (OFFICER, LEAD)
VIEWER, CHIEF = Role.What.VIEWER, Role.What.CHIEF_EXECUTIVE
AUDITOR, ADMINISTRATOR = Role.What.AUDITOR, Role.What.ADMINISTRATOR


@dataclass(frozen=True)
class Rights:
    """Roles in force as (council id, what) pairs; a council id is None for an administrator."""

    held: frozenset[tuple[int | None, str]] = frozenset()
    names: Mapping[int, str] = field(default_factory=dict, hash=False, compare=False)  # council id -> short name
    invented: bool = False  # a council of theirs is part of the demonstration
    # predecessor id -> id of the successor whose people act for it now (the one of theirs with the lowest id)
    inherited: Mapping[int, int] = field(default_factory=dict, hash=False, compare=False)
    limited: frozenset[int] = field(default=frozenset(), compare=False)  # partnerships seen in part

    def councils(self, *whats):
        """Ids of the councils for which one of the roles `whats` (any, when none is named) is held."""
        return {council for council, what in self.held if council is not None and (not whats or what in whats)}

    def may_see(self, council_id):
        """May see the rows of a council's partnerships as one of its own people."""
        return council_id in self.councils()

    def may_record(self, council_id):
        return council_id in self.councils(*RECORDING)

    def may_sign_off(self, council_id):
        return council_id in self.councils(LEAD)

    def may_audit(self, council_id):
        return council_id in self.councils(AUDITOR)

    def looking_back(self):
        """The same sight and no power to act: what reading a past moment is done with."""
        return replace(self, held=frozenset((council, VIEWER) for council in self.councils()))

    @property
    def records(self):
        return bool(self.councils(*RECORDING))

    @property
    def signs_off(self):
        return bool(self.councils(LEAD))

    @property
    def administers(self):
        return any(what == ADMINISTRATOR for _, what in self.held)


def rights_of(person_id, *, on):
    """The `Rights` of a person on the date `on`; nobody's for None. One query.

    The people of a successor hold for its predecessors what they hold for it (DESIGN 10.20); the predecessor's own
    roles ended on that day.
    """
    if person_id is None:
        return Rights()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT h.council_id, h.what, h.through_id, c.short_name, c.invented, current_setting('banked.limited', true)
            FROM roles_held(%s, %s) h LEFT JOIN councils_council c ON c.id = h.council_id
            ORDER BY h.through_id DESC
            """,
            [person_id, on],
        )
        roles = cursor.fetchall()
    return Rights(
        frozenset((council, what) for council, what, *_ in roles),
        names={council: name for council, _, _, name, *_ in roles if council is not None},
        invented=any(invented for *_, invented, _ in roles),
        inherited={council: through for council, _, through, *_ in roles if council != through},
        limited=_ids(roles[0][-1] if roles else ""),
    )


def _ids(setting):
    """Ids of a list that the scope holds, `{1,2}`; none outside a scope."""
    return frozenset(int(each) for each in (setting or "").strip("{}").split(",") if each)
