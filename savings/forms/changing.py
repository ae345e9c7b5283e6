"""Proposing a change of what members agreed, one kind at a time, and saying why one is refused or taken back."""

from typing import Any

from django import forms

from councils.fields import DayField, PlainField
from partnerships.changing import shared_by
from partnerships.models import Audience, Change, Vehicle

from .founding import ROLES

Key = Change.CostKey
#: Keys whose shares follow from a quantity of each member; the others are typed as percentages.
MEASURED = (Key.POPULATION, Key.FTE, Key.VOLUME, Key.RATEABLE, Key.BASELINE)
SHORT = {"class": "govuk-input--width-5"}


class ChangeForm(forms.Form):
    """From when, and why. `kind` is that of the `Change`; `facts()` what `changing.propose` takes besides."""

    fields: dict[str, Any]
    kind: Change.Kind
    use_required_attribute = False

    starts_on = DayField(label="From which day?")
    reason = PlainField(
        label="Why?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The other members read it before they answer.", error_messages={"required": "Say why."},
    )  # fmt: skip

    def __init__(self, *args, partnership, rows, mine, **kwargs):
        """`rows`: the members of today; `mine`: those of them that the person leads."""
        super().__init__(*args, **kwargs)
        self.partnership, self.rows, self.mine = partnership, rows, mine

    def facts(self):
        given = self.cleaned_data
        return {"starts_on": given["starts_on"], "reason": given["reason"]}


class TermsForm(ChangeForm):
    """Roles, host and shares of every member, with the key by which the cost is shared."""

    kind = Change.Kind.TERMS
    cost_key = forms.ChoiceField(
        label="How is the cost shared?", choices=Key.choices, widget=forms.RadioSelect,
        help_text="By anything that is counted, give each member’s quantity and the shares follow. Otherwise give the "
        "shares, or leave them all empty if none are agreed.",
        error_messages={"required": "Choose how the cost is shared."},
    )  # fmt: skip
    field_order = ("starts_on", "cost_key")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for row in self.rows:
            code, name = row.council.code, row.council.short_name
            share: dict[str, Any] = {"required": False, "min_value": 0, "max_value": 100, "decimal_places": 2}
            self.fields |= {
                f"role-{code}": forms.ChoiceField(label="What does it do?", choices=ROLES, initial=row.role),
                f"host-{code}": forms.BooleanField(
                    label=f"{name} hosts the partnership", required=False, initial=row.host
                ),
                f"cost-{code}": forms.DecimalField(
                    label="Share of the cost, in per cent", widget=forms.TextInput(attrs=SHORT), **share,
                    initial=_per_cent(row.cost_share_bps),
                ),
                f"gain-{code}": forms.DecimalField(
                    label="Share of the gain, in per cent", widget=forms.TextInput(attrs=SHORT), **share,
                    initial=_per_cent(row.gain_share_bps),
                ),
                f"quantity-{code}": forms.DecimalField(
                    label="Quantity, where the cost is shared by one", required=False, min_value=0, decimal_places=2,
                    max_digits=18, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
                    help_text=f"Its population is {row.council.population_2020:,} (2020), taken if this is empty."
                    if row.council.population_2020 else "",
                ),
            }  # fmt: skip

    @property
    def members(self):
        """(council, its fields) of each, in order of name."""
        named = ("role", "host", "cost", "gain", "quantity")
        return [(row.council, [self[f"{name}-{row.council.code}"] for name in named]) for row in self.rows]

    def clean(self):
        super().clean()
        given = self.cleaned_data
        key = given.get("cost_key")
        if key in MEASURED:
            for row in self.rows:
                name = f"quantity-{row.council.code}"
                if key == Key.POPULATION and given.get(name) is None:
                    given[name] = row.council.population_2020
                if given.get(name) is None and name not in self.errors:
                    self.add_error(name, f"Give the quantity of {row.council.short_name}: the shares follow from it.")
            if not self.errors and not sum(given[f"quantity-{row.council.code}"] for row in self.rows):
                self.add_error("cost_key", "The quantities are all nought, so they share out nothing.")
        for kind in ("cost", "gain") if key not in MEASURED else ("gain",):
            self._whole(kind, given)
        return given

    def _whole(self, kind, given):
        shares = [given.get(f"{kind}-{row.council.code}") for row in self.rows]
        if any(f"{kind}-{row.council.code}" in self.errors for row in self.rows) or not any(
            share is not None for share in shares
        ):
            return
        if None in shares or sum(shares) != 100:
            come = sum(share or 0 for share in shares)
            self.add_error(
                f"{kind}-{self.rows[0].council.code}",
                f"The {kind} shares come to {come:g}% for {sum(share is not None for share in shares)} of "
                f"{len(shares)} members. Make them 100% for all, or leave all empty.",
            )

    def facts(self):
        given = self.cleaned_data
        quantities = [given[f"quantity-{row.council.code}"] for row in self.rows]
        measured = given["cost_key"] in MEASURED
        shares = shared_by(quantities) if measured else [
            _bps(given[f"cost-{row.council.code}"]) for row in self.rows
        ]  # fmt: skip
        members = [
            {
                "council": row.council, "role": given[f"role-{row.council.code}"],
                "host": given[f"host-{row.council.code}"], "cost_share_bps": share,
                "gain_share_bps": _bps(given[f"gain-{row.council.code}"]), "quantity": quantity if measured else None,
            }
            for row, share, quantity in zip(self.rows, shares, quantities, strict=True)
        ]  # fmt: skip
        return {**super().facts(), "cost_key": given["cost_key"], "members": members}


class VehicleForm(ChangeForm):
    kind = Change.Kind.VEHICLE
    form = forms.ChoiceField(
        label="Which vehicle?", choices=[("", "Choose"), *Vehicle.Form.choices],
        error_messages={"required": "Choose the vehicle."},
    )  # fmt: skip
    field_order = ("form",)

    def facts(self):
        return {**super().facts(), "form": self.cleaned_data["form"]}


class AudienceForm(ChangeForm):
    """To fewer it is shown at once; the view asks `narrower`."""

    kind = Change.Kind.AUDIENCE
    who = forms.ChoiceField(
        label="Who may see its figures?", choices=Audience.Who.choices, widget=forms.RadioSelect,
        help_text="Rows, documents and promises stay with the members, whoever sees the figures. To fewer, one member "
        "decides and it holds at once; to more, all of them agree.",
        error_messages={"required": "Choose who may see them."},
    )  # fmt: skip
    field_order = ("who",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["starts_on"]  # what is read is read from then on

    def facts(self):
        return {"reason": self.cleaned_data["reason"], "who": self.cleaned_data["who"]}

    def narrower(self, now):
        """Whether `who` is fewer than `now`, the audience that holds."""
        order = [Audience.Who.MEMBERS, Audience.Who.SECTOR, Audience.Who.PUBLIC]
        return order.index(self.cleaned_data["who"]) < order.index(now)


class LeavingForm(ChangeForm):
    kind = Change.Kind.LEAVING
    council = forms.ChoiceField(label="Which council leaves?")
    field_order = ("council", "starts_on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["council"].choices = [(row.council.code, row.council.name) for row in self.mine]
        self.fields["starts_on"].label = "First day it is no longer a member"

    def facts(self):
        row = next(row for row in self.mine if row.council.code == self.cleaned_data["council"])
        member = {name: getattr(row, name) for name in ("role", "host", "cost_share_bps", "gain_share_bps")}
        return {**super().facts(), "members": [{"council": row.council, **member}]}


class EndingForm(ChangeForm):
    kind = Change.Kind.ENDING

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].label = "First day the partnership no longer exists"


FORMS = {each.kind.value: each for each in (TermsForm, VehicleForm, AudienceForm, LeavingForm, EndingForm)}


class EndChangeForm(forms.Form):
    """Why a change is refused or withdrawn; the label says which."""

    fields: dict[str, Any]

    reason = PlainField(
        max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), help_text="The other members read it.",
        error_messages={"required": "Say why."},
    )  # fmt: skip

    def __init__(self, *args, ending, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = f"Why do you {ending} it?"


def _per_cent(bps):
    return None if bps is None else f"{bps / 100:g}"


def _bps(share):
    return None if share is None else int(share * 100)
