"""Writing a plan of a reorganisation: two lists, a line each, which need no script and can be pasted from a paper."""

from typing import Any

from django import forms

from councils.fields import DayField, PlainField
from councils.models import Council
from councils.models.council import fold

from .acts import ReasonForm

MOST_LINES = 200
COUNCILS = "One a line: code; name. For instance: EAST; East Shire Council"
PASSINGS = (
    "One a line: council that ends; council that comes after it; share; what the share was worked out from. "
    "For instance: Northshire; East Shire Council; 45.3%; population 2020. Without a share, all of it."
)


class ReorganisationForm(forms.Form):
    fields: dict[str, Any]
    use_required_attribute = False

    name = PlainField(label="What is it called?", max_length=120)
    vesting_on = DayField(
        label="Vesting day", help_text="The first day of the new councils, and the first without the old ones."
    )
    kind = forms.ChoiceField(label="Kind of the new councils", choices=Council.Kind)
    councils = PlainField(
        label="New councils", widget=forms.Textarea(attrs={"rows": 4}), required=False, help_text=COUNCILS
    )
    passings = PlainField(label="Who goes where", widget=forms.Textarea(attrs={"rows": 14}), help_text=PASSINGS)
    explanation = PlainField(
        label="What should its readers know?", widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=2000
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_councils(self):
        found: list[dict[str, str]] = []
        for number, parts in _lines(self.cleaned_data["councils"]):
            if len(parts) != 2 or not all(parts):
                raise forms.ValidationError(f"Line {number}: write a code, a semicolon and a name.")
            code, name = parts[0].upper(), parts[1]
            if not (2 <= len(code) <= 20 and code.replace("-", "").isascii() and code.replace("-", "").isalnum()):
                raise forms.ValidationError(f"Line {number}: a code has 2 to 20 letters, digits and hyphens.")
            if not fold(name).isascii():
                raise forms.ValidationError(
                    f"Line {number}: write the name without letters that an address cannot have."
                )
            if code in {each["code"] for each in found}:
                raise forms.ValidationError(f"Line {number}: {code} has the same code as a line before it.")
            found.append({"code": code, "name": name, "short_name": name.removesuffix(" Council")})
        return found

    def clean(self):
        super().clean()
        said = self.cleaned_data
        if "councils" in said and "passings" in said:
            try:
                said["passings"] = self._passings(said["councils"], said["passings"])
            except forms.ValidationError as problem:
                self.add_error("passings", problem)
        return said

    def _passings(self, new, text):
        known = _by_name()
        coming = {fold(each[key]): each["code"] for each in new for key in ("code", "name", "short_name")}
        found, problems = [], []
        for number, parts in _lines(text):
            try:
                found.append(_passing(parts, known, coming))
            except forms.ValidationError as problem:
                problems.append(f"Line {number}: {problem.message}")
        if problems:
            raise forms.ValidationError(problems)
        return found

    def written(self):
        """What the actions take."""
        said = {key: value for key, value in self.cleaned_data.items() if key not in ("kind", "seen")}
        before = [each["predecessor"] for each in said["passings"]]
        place = {"nation": before[0].nation, "region": before[0].region} if before else {}
        said["councils"] = [each | {"kind": self.cleaned_data["kind"]} | place for each in said["councils"]]
        return said


class WithdrawPlanForm(ReasonForm):
    name = "withdraw"
    asks = "Why will nothing come of it?"
    hint = "It stays readable, and can never be enacted."


def initial_of(plan):
    """A plan as the form writes it."""
    return {
        "name": plan.version.name,
        "vesting_on": plan.version.vesting_on,
        "explanation": plan.version.explanation,
        "kind": plan.councils[0].kind if plan.councils else Council.Kind.UNITARY,
        "councils": "\n".join(f"{each.code}; {each.name}" for each in plan.councils),
        "passings": "\n".join(
            f"{each.predecessor.name}; {(each.planned or each.successor).name}; {each.share_bps / 100:.2f}%; "
            f"{each.share_basis}"
            for each in plan.passings
        ),
        "seen": plan.version.number,
    }


def _lines(text):
    """(number from 1, parts between semicolons) of every line that is not empty."""
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise forms.ValidationError(f"Write at most {MOST_LINES} lines.")
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, [" ".join(part.split()) for part in line.split(";")]


def _by_name():
    """Councils by code, name and short name, folded; a short name that two have names neither."""
    found: dict[str, Council | None] = {}
    for council in Council.objects.with_end():
        found[fold(council.name)] = council
    short: dict[str, list[Council]] = {}
    for council in Council.objects.with_end():
        short.setdefault(fold(council.short_name), []).append(council)
        found.setdefault(fold(council.code), council)
    for name, those in short.items():
        lasting = [each for each in those if each.ends_on is None] or those
        found.setdefault(name, lasting[0] if len(lasting) == 1 else None)
    return found


def _passing(parts, known, coming):
    if not 2 <= len(parts) <= 4:
        raise forms.ValidationError("write the council that ends, a semicolon, and the one that comes after it.")
    before, to = parts[0], parts[1]
    predecessor = known.get(fold(before))
    if predecessor is None:
        raise forms.ValidationError(f"“{before}” is no council of the register, or is the name of several.")
    successor = coming.get(fold(to)) or known.get(fold(to))
    if successor is None:
        raise forms.ValidationError(f"“{to}” is neither one of the new councils nor a council of the register.")
    share = _share(parts[2]) if len(parts) > 2 and parts[2] else 10_000
    basis = parts[3] if len(parts) > 3 and parts[3] else ("all of it" if share == 10_000 else "not said")
    return {"predecessor": predecessor, "to": successor, "share_bps": share, "share_basis": basis}


def _share(text):
    """Basis points of `45.3%`."""
    whole, _, part = text.removesuffix("%").strip().partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) < 4 and len(part) <= 2 and (part + "0").isdecimal()):
        raise forms.ValidationError(f"“{text}” is no share: write it like 45.3%, with at most two decimals.")
    share = int(whole) * 100 + int((part + "00")[:2])
    if not 0 < share <= 10_000:
        raise forms.ValidationError("a share is more than nought and at most 100%.")
    return share
