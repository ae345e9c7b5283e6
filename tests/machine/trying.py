"""How a step of the machine is tried for real: as a person, through an action, refused by whoever refuses it."""

import datetime

from django.db import IntegrityError, ProgrammingError, transaction
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize

from councils.refusals import Refused
from councils.years import FinancialYear
from tests.cast import NOW
from tests.factories import acting

from .model import LEAD, OFFICER, World

YEAR = FinancialYear(2025)
COUNCILS = ("NFD", "STM")
PEOPLE = ("asha", "ben", "omar", "dev")
START = {("asha", "NFD", OFFICER), ("ben", "NFD", LEAD), ("omar", "STM", OFFICER), ("dev", "STM", LEAD)}
REFUSED = (Refused, IntegrityError, ProgrammingError)

people, councils = st.sampled_from(PEOPLE), st.sampled_from(COUNCILS)
#: Officer and lead of the amount's own council, then of the other: mostly somebody who may.
recorders, signers = st.sampled_from([0, 0, 0, 1, 1, 1, 2, 3]), st.sampled_from([1, 1, 1, 1, 0, 2, 3])
OWN = {"NFD": ("asha", "ben", "omar", "dev"), "STM": ("omar", "dev", "asha", "ben")}
OTHER = {"NFD": "STM", "STM": "NFD"}
months = st.sampled_from([None, 1, 2, 5, 12])
quarters = st.integers(0, 3)
amounts = Bundle("amounts")


class Trying(RuleBasedStateMachine):
    cast = None  # the standing cast; set by the test
    world_of = World

    @initialize()
    def begin(self):
        self.point = transaction.atomic()
        self.point.__enter__()
        self.world, self.at, self.codes = self.world_of(START), NOW, 0
        self.rows = {}  # id of the model's amount, request or case -> its row

    def teardown(self):
        if not hasattr(self, "point"):
            return
        try:
            self.everything_holds()
        finally:
            transaction.set_rollback(True)
            self.point.__exit__(None, None, None)

    def tried(self, person, deed):
        """Do it as `person`; None when it was refused, whoever refused it."""
        self.at += datetime.timedelta(minutes=1)
        try:
            with acting(self.cast.people[person], self.at) as how, transaction.atomic():
                return deed(**how)
        except REFUSED:
            return None
