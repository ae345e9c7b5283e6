"""Round numbers for the axis of a chart."""

ABOUT = 5  # steps


def ticks(low, high):
    """Whole pence from at or below `low` to at or above `high`, in equal steps of 1, 2, 2.5 or 5 times a power of ten.

    Nought is among them when it lies between; a span of nothing still has two.
    """
    step = _step(max(high - low, 100) / ABOUT)
    first, last = low // step, -(-high // step)
    return [step * each for each in range(first, max(last, first + 1) + 1)]


def _step(at_least):
    """The smallest round step, never under a pound, so that a label is never part of a penny."""
    power = 100
    while power * 10 < at_least:
        power *= 10
    return next(step for factor in (10, 20, 25, 50, 100) if (step := power * factor // 10) >= at_least)
