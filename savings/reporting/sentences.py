"""Figures in one plain sentence, worked out from the same numbers that stand beside it."""

from councils.money import short_pounds

from .amounts import Figures


def sentence(figures: Figures, name: str, since: int | None) -> str:
    """What sharing has done for `name` since the financial year that starts in `since`, counting only what is proven.

    For instance: "Counting only what finance has signed off, sharing has saved Northford £1.2m net since 2019; £0.4m
    more is claimed." Costs and charges are taken off whoever signed them.
    """
    if not figures.recorded or since is None:
        return f"Nothing has been recorded for {name} yet, so nothing can be said about what sharing has saved."
    if figures.proven == 0:
        return _nothing_proven(figures, name, since)
    net = figures.net_proven
    if net == 0:
        done = f"sharing has neither saved nor cost {name} anything since {since}, net"
    else:
        done = f"sharing has {'saved' if net > 0 else 'cost'} {name} {_size(net)} net since {since}"
    return f"Counting only what finance has signed off, {done}{_more(figures)}."


def _nothing_proven(figures: Figures, name: str, since: int) -> str:
    claims = (
        f"{_size(figures.claimed)} of savings is claimed for {name} since {since}"
        if figures.claimed > 0
        else f"no saving is claimed for {name} since {since}"
    )
    spent = figures.costs - figures.charges
    if spent > 0:
        against = f", and sharing has cost {_size(spent)}"
    elif spent < 0:
        against = f", and {_size(spent)} more has come in from charges than went out"
    else:
        against = ", and no cost is recorded"
    return f"Finance has signed off no saving yet: {claims}{against}."


def _more(figures: Figures) -> str:
    more = figures.claimed - figures.proven
    if more == 0:
        return ""
    if more < 0:
        return f"; adjustments not signed off would take {_size(more)} away"
    return f"; {_size(more)} more {'is' if figures.net_proven > 0 else 'in savings is'} claimed"


def _size(pence: int) -> str:
    """The amount without its sign, which the words around it carry."""
    return short_pounds(abs(pence))
