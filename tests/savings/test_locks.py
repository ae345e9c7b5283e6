"""One at a time: who comes second is told so or waits, whatever became of the first."""

import threading

import pytest
from django.db import connection, transaction

from savings import locks

LOCK = 0x746573  # "tes"


def elsewhere(does):
    """What `does` returns on another connection."""
    found = []

    def there():
        try:
            found.append(does())
        finally:
            connection.close()

    thread = threading.Thread(target=there)
    thread.start()
    thread.join(20)
    return found[0]


def free(key=0):
    with locks.taken(LOCK, key) as mine:
        return mine


def test_the_second_is_told_and_the_next_may(committed):
    with locks.taken(LOCK, 1) as mine:
        assert mine
        assert not elsewhere(lambda: free(1))
        assert elsewhere(lambda: free(2)), "another key is another lock"
    assert elsewhere(lambda: free(1))


def test_a_block_that_fails_gives_it_back(committed):
    with pytest.raises(ZeroDivisionError), locks.taken(LOCK):
        _ = 1 / 0
    assert elsewhere(free)


def test_waiting_holds_until_the_transaction_ends(committed):
    with transaction.atomic():
        locks.wait(LOCK, 3)
        assert not elsewhere(lambda: free(3))
    assert elsewhere(lambda: free(3))


def test_any_number_is_a_key(committed):
    assert elsewhere(lambda: free(2**40 + 5))
    assert elsewhere(lambda: free(-(2**31)))
