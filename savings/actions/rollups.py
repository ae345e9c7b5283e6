"""What every action that changes a figure says when it is done. The marks themselves are the queue."""

from savings import doorbell


def ring():
    """Once the transaction has committed, a worker brings what is stale up to date."""
    doorbell.ring("savings.roll_up.drain")
