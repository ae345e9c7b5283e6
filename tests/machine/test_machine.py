"""Whatever two councils and four people do, in whatever order: the ledger says what a plain model says.

Every step is tried for real, as the person, through the actions that pages call; the model says beforehand whether it
is allowed. Then balances, grades, returns, disputes and promises must be the model's, nobody has approved their own
work, what was closed has not moved, nothing is reversed twice, members sum to their partnership, facts equal the
ledger, and every seal and chain verifies.
"""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from .appointing import Appointing
from .disagreeing import Disagreeing
from .holding import Holding
from .model import World
from .promising import Promising
from .recording import Recording


class Machine(Recording, Appointing, Disagreeing, Promising, Holding):
    """Every step there is."""


def play(cast, *, runs, length, machine=Machine, phases=tuple(Phase)):
    machine.cast = cast
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs, stateful_step_count=length, deadline=None, derandomize=True, print_blob=True,
            suppress_health_check=list(HealthCheck), phases=phases,
        ),
    )  # fmt: skip


def test_the_ledger_says_what_a_plain_model_says(cast):
    play(cast, runs=8, length=25)


@pytest.mark.slow
def test_it_does_so_two_hundred_times_fifty_steps(cast):
    play(cast, runs=200, length=50)


class Trusting(World):
    """A control: in this world one may sign off one's own work."""

    def may_sign(self, person, amount):
        recorder, amount.recorder = amount.recorder, "somebody else"
        try:
            return super().may_sign(person, amount)
        finally:
            amount.recorder = recorder


class Forgetful(World):
    """A control: in this world what was reversed still counts."""

    def balance(self, council, of):
        return super().balance(council, lambda each: of(each) and not each.reverses)


@pytest.mark.slow
@pytest.mark.parametrize("world", [Trusting, Forgetful])
def test_a_model_that_is_wrong_is_found_out(cast, world):
    class Wrong(Machine):
        world_of = world

    with pytest.raises(AssertionError):
        play(cast, runs=100, length=30, machine=Wrong, phases=[Phase.generate])
