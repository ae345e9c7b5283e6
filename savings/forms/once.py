"""A form that does its work once, however often it is sent."""

import uuid

from django import forms


class OnceForm(forms.Form):
    """Carries the public id that its row is to have, see `savings.views.sent_before`."""

    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Open this page again."})

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"token": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
