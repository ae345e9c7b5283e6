"""Counting what comes from one address, so that links cannot be guessed and pages cannot be hammered."""

from typing import NamedTuple

from django.core.cache import cache


class Limit(NamedTuple):
    what: str
    most: int
    seconds: int


def over(limit: Limit, address: str, *, count: bool = True) -> bool:
    """Whether `address` has passed `limit`; counts this time unless told not to.

    The count lives in the cache that the web processes share, and starts with the first time.
    """
    key = f"throttle:{limit.what}:{address}"
    if not count:
        return int(cache.get(key, 0)) > limit.most
    cache.add(key, 0, timeout=limit.seconds)
    try:
        return int(cache.incr(key)) > limit.most
    except ValueError:  # it ran out between the two
        cache.set(key, 1, timeout=limit.seconds)
        return False
