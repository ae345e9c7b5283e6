"""What each step of a return asks for."""

from django import forms

from savings.models import Return

from .acts import ReasonForm


class SubmitReturnForm(forms.Form):
    """What is nil is said to be nil: an empty quarter without a word is missing, not nought."""

    name = Return.Step.SUBMITTED.value
    use_required_attribute = False

    nil_savings = forms.BooleanField(required=False, label="There were no savings in this quarter")
    nil_costs = forms.BooleanField(required=False, label="There were no costs of sharing in this quarter")


class SignOffReturnForm(forms.Form):
    """Signing a return off asks for nothing more."""

    name = Return.Step.SIGNED_OFF.value


class CloseReturnForm(ReasonForm):
    name = Return.Step.CLOSED.value
    asks = "Why do payer and receiver differ?"
    hint = "Needed when a charge differs. All members can read it."
    optional = True


class ReopenReturnForm(ReasonForm):
    name = Return.Step.REOPENED.value
    asks = "Why is it reopened?"
    hint = "All members can read this."


FORMS = {form.name: form for form in (SubmitReturnForm, SignOffReturnForm, CloseReturnForm, ReopenReturnForm)}
