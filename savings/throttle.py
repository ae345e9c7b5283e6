"""Counting what comes from one address, so that links cannot be guessed and pages cannot be hammered."""

from django.core.cache import cache


def over(what: str, address: str, *, most: int, seconds: int, count: bool = True) -> bool:
    """Whether `address` has done `what` more than `most` times within `seconds`; counts this time unless told not to.

    The count lives in the cache that the web processes share and starts with the first time.
    """
    key = f"throttle:{what}:{address}"
    if not count:
        return int(cache.get(key, 0)) > most
    cache.add(key, 0, timeout=seconds)
    try:
        return int(cache.incr(key)) > most
    except ValueError:  # it ran out between the two
        cache.set(key, 1, timeout=seconds)
        return False
