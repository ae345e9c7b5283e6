"""What an act on an entry asks for: its reason, a document, or how a dispute ended."""

from django import forms

from councils.fields import PlainField
from councils.money import pounds
from savings.models import DisputeOutcome
from savings.words import period

from .files import FilesForm


class ReasonForm(forms.Form):
    """A reason, required and in the person's own words. Subclasses say how it is asked for."""

    name = "act"
    asks, hint = "Why?", ""
    optional = False
    use_required_attribute = False

    reason = PlainField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"auto_id": f"{self.name}_%s", **kwargs})
        reason = self.fields["reason"]
        if self.optional:
            reason.widget.attrs["rows"] = 2
        reason.label, reason.help_text, reason.required = self.asks, self.hint, not self.optional


class ReverseForm(ReasonForm):
    name = "reverse"
    asks = "Why is it reversed?"
    hint = "The entry stays. An equal and opposite one is recorded beside it, with this reason."


class ReverseChargeForm(ReasonForm):
    name = "reverse"
    asks = "Why is it reversed?"
    hint = "The charge stays. An equal and opposite one is reported beside it, with this reason."


class ReturnForm(ReasonForm):
    name = "return"
    asks = "What has to be put right?"
    hint = "The person who recorded it reads this."


class WithdrawForm(ReasonForm):
    name = "withdraw"
    asks = "Why is the document withdrawn?"
    hint = "The file is kept and the history says who withdrew it. It no longer supports this entry."


class DisputeForm(ReasonForm):
    name = "dispute"
    asks = "What is wrong with the amount?"
    hint = "All members can read this. The amount stays and is shown as disputed until the dispute ends."


class SignOffForm(ReasonForm):
    """Signing needs no reason; `shown` is the last support on the page, so that nothing unseen is signed."""

    name = "sign"
    asks = "Comment"
    optional = True

    shown = forms.UUIDField(widget=forms.HiddenInput, required=False)


class EndDisputeForm(ReasonForm):
    name = "end"
    asks = "Why does it end so?"
    ENDS = "How does the dispute end?"
    OUTCOMES = {
        DisputeOutcome.Outcome.UPHELD: "Upheld: the amount is wrong and will be reversed",
        DisputeOutcome.Outcome.DISMISSED: "Dismissed: the amount is right",
        DisputeOutcome.Outcome.WITHDRAWN: "Withdrawn: we no longer dispute it",
    }

    def __init__(self, *args, ways, dispute, **kwargs):
        """`ways`: how this person may end `dispute` (`savings.actions.disputes.sides`)."""
        self.name, self.dispute_id = f"end_{dispute.pk}", dispute.pk
        super().__init__(*args, **kwargs)
        choices = [(outcome.value, words) for outcome, words in self.OUTCOMES.items() if outcome in ways]
        self.fields["outcome"] = forms.ChoiceField(label=self.ENDS, widget=forms.RadioSelect, choices=choices)
        self.order_fields(["outcome", "reason"])


class DistinctForm(ReasonForm):
    """`line` is the id of an entry of the line it is about: the page holds several of these."""

    name = "distinct"
    asks = "Why are they different savings?"
    hint = "All members can read this. Both amounts count from then on."

    def __init__(self, *args, line, **kwargs):
        self.name = f"distinct_{line}"
        super().__init__(*args, **kwargs)


class WithdrawDistinctionForm(ReasonForm):
    """`of` is the public id of the distinction it withdraws: the page holds several of these."""

    name = "withdraw_distinction"
    asks = "Why may they be one saving after all?"
    hint = "All members can read this. The rules decide again which of the two counts."

    def __init__(self, *args, of, **kwargs):
        self.of = str(of)
        self.name = f"withdraw_{self.of}"
        super().__init__(*args, **kwargs)


class AttachForm(FilesForm):
    name = "attach"
    use_required_attribute = False

    def __init__(self, *args, beside=(), **kwargs):
        """`beside` are the entries that the same document may show too: the other months of the saving."""
        super().__init__(*args, auto_id="attach_%s", **kwargs)
        self.beside = {str(each.public_id): each for each in beside}
        if self.beside:
            bare = "no document yet"
            self.fields["also"] = forms.MultipleChoiceField(
                label="Other months that it shows", required=False, widget=forms.CheckboxSelectMultiple,
                choices=[
                    (key, f"{period(each)}, {pounds(each.amount_pence)}{'' if each.documented else f' ({bare})'}")
                    for key, each in self.beside.items()
                ],
                help_text="Tick those that the same document proves. It is kept once and supports each of them.",
                error_messages={"invalid_choice": "One of the other months is reversed by now. Choose again."},
            )  # fmt: skip
        self.fields["file_1"].required = True
        self.fields["file_1"].error_messages["required"] = "Choose a file."

    @property
    def also(self):
        """The entries ticked; call on a valid form."""
        return [self.beside[key] for key in self.cleaned_data.get("also", ())]
