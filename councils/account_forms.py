"""The sign-in and password forms as allauth has them, labelled in sentence case like every other form."""

from allauth.account import forms

CURRENT, NEW, AGAIN = "Current password", "New password", "New password again"


class ChangePassword(forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label(self, oldpassword=CURRENT, password1=NEW, password2=AGAIN)


class NewPasswordByLink(forms.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _label(self, password1=NEW, password2=AGAIN)


def _label(form, **labels):
    for name, label in labels.items():
        form.fields[name].label = label
