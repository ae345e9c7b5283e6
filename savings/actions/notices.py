"""Saying that one has read a notice. It is no act: nothing about the ledger changes."""

from django.db import IntegrityError, transaction

from savings.models import NoticeRead


def read(*, notice, at):
    """Note that `notice` was read, once; said again, it is the same."""
    try:
        with transaction.atomic():
            NoticeRead.objects.create(notice=notice, at=at)
    except IntegrityError:
        return
