"""How allauth behaves here: accounts are given, not taken."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignUp(DefaultAccountAdapter):
    """Nobody signs up: an administrator makes the account and so vouches for who it belongs to."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
