"""What a member says of the others' claims: all at once or line by line; and whom to ask, about what."""

import datetime
import uuid
from typing import Any

from django import forms

from councils.fields import MoneyField, PlainField
from councils.models import Council
from councils.money import pounds
from councils.widgets import HintedRadios
from councils.years import Quarter
from savings.actions.confirmations import Said
from savings.models import ConfirmationAnswer
from savings.models.confirmation import Without

from .acts import ReasonForm
from .once import OnceForm

Answer = ConfirmationAnswer.Answer
ALL, NONE, SOME = "agree", "dispute", "lines"
ONE_DAY = datetime.timedelta(days=1)
MOST_LINES = 100  # answered one by one; with more, all at once
CHOICES = [(Answer.AGREED, "Agree"), (Answer.OTHER_AMOUNT, "Another amount"), (Answer.DISPUTED, "Dispute")]


class ConfirmForm(forms.Form):
    """Takes the `lines` of a request; `said()` is what was answered to each of them."""

    fields: dict[str, Any]  # what can be answered depends on the lines
    use_required_attribute = False

    whole = forms.ChoiceField(label="Do you agree with these amounts?", widget=HintedRadios(hints={
        NONE: "Say what is wrong in the box below.", SOME: "Open the lines below.",
    }))  # fmt: skip
    reason = PlainField(
        label="What is wrong, if you dispute all of it", required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text="All members can read this.",
    )  # fmt: skip
    without_sharing = forms.ChoiceField(
        label="How much of this would have happened without sharing?", choices=Without.choices,
        widget=HintedRadios(hints={
            Without.OVER_HALF: "Half to nine tenths of it", Without.NEARLY_ALL: "Nine tenths of it or more",
        }),
        error_messages={"required": "Say how much would have happened without sharing, or that it is not known."},
    )  # fmt: skip

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        by_line = len(lines) <= MOST_LINES
        choices = [(ALL, "Yes, to all of them"), (NONE, "No, we dispute all of them")]
        self.fields["whole"].choices = [*choices, *([(SOME, "To some of them")] if by_line else [])]
        self.fields["whole"].error_messages["required"] = "Say whether you agree."
        for number, line in enumerate(lines if by_line else [], start=1):
            said = f"{line.claimant.short_name}: {line.title}, {pounds(line.amount_pence)}"
            self.fields[f"answer_{number}"] = forms.ChoiceField(
                label=said, required=False, choices=CHOICES,
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
            )  # fmt: skip
            self.fields[f"amount_{number}"] = MoneyField(
                label="The right amount, if another", required=False, allow_zero=True
            )
            self.fields[f"reason_{number}"] = PlainField(
                label="What is wrong, if you dispute it", required=False, max_length=1000
            )

    def rows(self):
        """The bound fields of each line, for the template."""
        if "answer_1" not in self.fields:
            return []
        names = ("answer", "amount", "reason")
        return [{n: self[f"{n}_{number}"] for n in names} for number in range(1, len(self.lines) + 1)]

    @property
    def open_lines(self):
        """Whether the lines stand open: when they were chosen."""
        return self.is_bound and self.data.get("whole") == SOME

    def clean(self):
        given = super().clean() or {}
        if given.get("whole") == NONE and not given.get("reason", "").strip():
            self.add_error("reason", "Say what is wrong.")
        if given.get("whole") == SOME:
            for number, line in enumerate(self.lines, start=1):
                self._clean_line(number, line, given)
        return given

    def _clean_line(self, number, line, given):
        answer = given.get(f"answer_{number}")
        if not answer:
            self.add_error(f"answer_{number}", f"Answer for {line.title}.")
        elif answer == Answer.OTHER_AMOUNT and f"amount_{number}" not in self.errors:
            stated = given.get(f"amount_{number}")
            if stated is None:
                self.add_error(f"amount_{number}", f"Enter the right amount for {line.title}.")
            elif stated == line.amount_pence:
                self.add_error(f"amount_{number}", "That is what is claimed. If it is right, agree.")
        elif answer == Answer.DISPUTED and not given.get(f"reason_{number}", "").strip():
            self.add_error(f"reason_{number}", f"Say what is wrong with {line.title}.")

    def said(self):
        """`{line id: Said}` for every line."""
        given = self.cleaned_data
        if given["whole"] == ALL:
            return {line.pk: Said(Answer.AGREED) for line in self.lines}
        if given["whole"] == NONE:
            return {line.pk: Said(Answer.DISPUTED, reason=given["reason"].strip()) for line in self.lines}
        return {line.pk: self._said(number) for number, line in enumerate(self.lines, start=1)}

    def _said(self, number):
        answer, reason = self.cleaned_data[f"answer_{number}"], self.cleaned_data[f"reason_{number}"].strip()
        if answer == Answer.AGREED:
            return Said(answer)
        if answer == Answer.OTHER_AMOUNT:
            return Said(answer, self.cleaned_data[f"amount_{number}"], reason)
        return Said(answer, reason=reason)


class AskForm(OnceForm):
    """Which members to ask about which quarter; takes the `members` and the day `today`. One request for each, once."""

    fields: dict[str, Any]
    use_required_attribute = False

    quarter = forms.ChoiceField(label="Quarter")
    councils = forms.ModelMultipleChoiceField(
        label="Whom to ask", queryset=Council.objects.none(), to_field_name="slug",
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one member."},
    )  # fmt: skip

    def __init__(self, *args, members, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["councils"].queryset = Council.objects.filter(pk__in=members).order_by("name")
        quarters = [Quarter.containing(today)]
        while len(quarters) < 12:
            quarters.append(Quarter.containing(quarters[-1].first_day.replace(day=1) - ONE_DAY))
        self.fields["quarter"].choices = [(each.slug, each.months_label) for each in quarters]

    def request_id(self, council):
        """The public id that the request to `council` is to have."""
        return uuid.uuid5(self.cleaned_data["token"], council.code)

    def clean_quarter(self):
        return Quarter.parse(self.cleaned_data["quarter"])


class AgainForm(OnceForm):
    """Asks anew what a request asked, once."""


class ContactForm(forms.Form):
    use_required_attribute = False

    name = PlainField(label="Name", max_length=200)
    email = forms.EmailField(label="Email address", max_length=254, help_text="The link is sent here.")


class RevokeForm(ReasonForm):
    name = "revoke"
    asks = "Why is it taken back?"
    hint = "The links that were sent no longer open."
