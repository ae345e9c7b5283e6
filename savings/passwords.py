"""How somebody whose account was made in a shell comes by a password: typed there, given, or set through a link."""

import getpass
import os
import sys

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management.base import CommandError
from django.urls import reverse

VARIABLE = "BANKED_PASSWORD"


def given():
    """`BANKED_PASSWORD`, or what is typed twice at a terminal; None when there is neither: then a link is needed."""
    if password := os.environ.get(VARIABLE):
        return password
    if not sys.stdin.isatty():
        return None
    password = getpass.getpass("Password, or nothing to get a link instead: ")
    if password and getpass.getpass("The same again: ") != password:
        raise CommandError("The two were not the same. Nothing was done.")
    return password or None


def link(user):
    """The address at which `user` sets a password, once; it lapses when used and after PASSWORD_RESET_TIMEOUT."""
    kwargs = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=kwargs)


def how_to_sign_in(user, *, password):
    """The line a command ends with."""
    if password:
        return f"They can sign in at {settings.SITE_URL}{reverse('account_login')} now."
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    return f"They set their password at this address, which works once and for {days} days:\n{link(user)}"
