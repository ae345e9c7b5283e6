"""The machine's steps on people: roles given and taken, and deputies named for a while."""

import datetime

from hypothesis import strategies as st
from hypothesis.stateful import rule

from councils.acts import act
from councils.models import Role
from councils.scope import scope
from savings.actions import cover

from .model import LEAD, OFFICER
from .trying import OWN, Trying, councils, people

whats = st.sampled_from([OFFICER, LEAD])


class Appointing(Trying):
    @rule(person=people, council=councils, what=whats, gives=st.booleans())
    def change_role(self, person, council, what, gives):
        """By the administrator: to be made finance lead later does not make one's own work somebody else's."""
        if gives == ((person, council, what) in self.world.roles) or (person, council, what) in self.world.lent:
            return
        self.at += datetime.timedelta(minutes=1)
        ada, today = self.cast.people["ada"], self.at.date()
        with (
            scope(person_id=ada.pk, on=today),
            act(by=ada, at=self.at, verb="changed roles", register=True) as this,
        ):
            named = {"person": self.cast.people[person], "council": self.cast.councils[council], "what": what}
            if gives:
                Role.objects.create(act=this, starts_on=today, **named)
            else:
                old = Role.objects.in_force(today).get(**named)
                Role.objects.create(act=this, starts_on=old.starts_on, ends_on=today, replaces=old, **named)
        (self.world.roles.add if gives else self.world.roles.discard)((person, council, what))
        self.world.ever.add((person, council, what))

    @rule(who=st.sampled_from([1, 1, 1, 0, 2]), council=councils, away=st.sampled_from([1, 1, 0]), deputy=people,
          what=st.sampled_from([LEAD, LEAD, OFFICER]))  # fmt: skip
    def name_deputy(self, who, council, away, deputy, what):
        """For a week, so until after the machine has ended: what was lent is held for somebody who is away."""
        person, absent = OWN[council][who], OWN[council][away]
        allowed = self.world.may_name_deputy(person, council, absent, deputy, what)
        today = self.at.date()
        done = self.tried(person, lambda **how: cover.name_deputy(
            **how, council=self.cast.councils[council], covered=self.cast.people[absent],
            deputy=self.cast.people[deputy], what=what, starts_on=today, until=today + datetime.timedelta(days=7),
            reason="Leave",
        ))  # fmt: skip
        assert (done is not None) == allowed
        if done:
            self.world.lend(council, absent, deputy, what)
