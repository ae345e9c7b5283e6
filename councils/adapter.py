"""How allauth behaves here: accounts are given, not taken, and every sign-in leaves an event."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone

from . import sign_ins


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

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        sign_ins.signed_in(user, at=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        super().logout(request)
        if user.is_authenticated:
            sign_ins.signed_out(user, at=timezone.now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        if email := credentials.get("email"):
            sign_ins.refused(email, at=timezone.now())
