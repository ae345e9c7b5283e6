"""How allauth behaves here: accounts are given, not taken."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignUp(DefaultAccountAdapter):
    """Nobody signs up: an administrator makes the account and so vouches for who it belongs to."""

    # The same words whether or not there is such an account: a stranger must not learn who has one.
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "That email and password do not match. Check both, or reset your password.",
        "account_inactive": "This account is closed. Ask your council’s administrator.",
        "enter_current_password": "Enter your current password.",
        "incorrect_password": "That is not your password.",
        "invalid_password_reset": "This link has been used or is too old. Ask for a new one.",
        "too_many_login_attempts": "Too many attempts did not work. Wait a few minutes, then try again.",
        "rate_limited": "Too many attempts. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
