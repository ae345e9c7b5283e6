"""Prints every Django form as GOV.UK markup, so that a page says `{{ form }}` and nothing more.

`FORM_RENDERER = "savings.renderers.GovukRenderer"`; "django.forms" stands in INSTALLED_APPS, or Django's own
widget templates are not found. The markup is in templates/govuk/{form,field}.html and templates/govuk/widgets/.
"""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input

# Django's widget template -> ours. What is not listed prints as Django has it, with the class added below.
WIDGETS = {
    "django/forms/widgets/radio.html": "govuk/widgets/radios.html",
    "django/forms/widgets/checkbox_select.html": "govuk/widgets/checkboxes.html",
    "django/forms/widgets/password.html": "govuk/widgets/password.html",
    "django/forms/widgets/file.html": "govuk/widgets/file.html",
    "django/forms/widgets/clearable_file_input.html": "govuk/widgets/file.html",
}

REVEALED = "govuk-input govuk-password-input__input govuk-js-password-input-input"

# The first match wins, so the narrower widget stands first. A widget with no class prints its own markup.
CLASSES = (
    (forms.CheckboxInput, "govuk-checkboxes__input", ""),
    (forms.RadioSelect, "", ""),  # several checkboxes are, to Django, a sort of it
    (forms.MultiWidget, "", "govuk-input--error"),
    (forms.PasswordInput, REVEALED, "govuk-input--error"),
    (forms.FileInput, "govuk-file-upload", "govuk-file-upload--error"),
    (forms.Textarea, "govuk-textarea", "govuk-textarea--error"),
    (forms.Select, "govuk-select", "govuk-select--error"),
    (Input, "govuk-input", "govuk-input--error"),
)


class GovukBoundField(BoundField):
    """A field that knows its GOV.UK classes and where its error link leads."""

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if widget.is_hidden:
            return attrs
        if self.use_fieldset:
            # The fieldset carries the error: ARIA does not allow aria-invalid on a single radio button.
            attrs.pop("aria-invalid", None)
        if "placeholder" in widget.attrs:
            attrs["placeholder"] = False  # it vanishes when typing starts; the label and the hint do not
        usual, wrong = next(((usual, wrong) for kind, usual, wrong in CLASSES if isinstance(widget, kind)), ("", ""))
        if self.counted:
            usual += " govuk-js-character-count"
            attrs["aria-describedby"] = f"{self.auto_id}-info {attrs.get('aria-describedby', '')}".strip()
        classes = f"{usual} {wrong if self.errors else ''} {widget.attrs.get('class', '')}".split()
        return {**attrs, "class": " ".join(classes)} if classes else attrs

    @property
    def counted(self):
        """The most characters a text area takes, when it has such a limit: the page then counts them down."""
        widget = self.field.widget
        return widget.attrs.get("maxlength") if isinstance(widget, forms.Textarea) else None

    @property
    def is_checkbox(self):
        """True for one checkbox on its own, whose label stands after it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def complaints(self):
        """What is wrong, in order; Django's "This field is required." becomes what to do: "Enter note"."""
        usual = str(forms.Field.default_error_messages["required"])
        return [self._ask() if error == usual else error for error in self.errors]

    def _ask(self):
        label = str(self.label)
        if label.endswith("?"):
            return f"Answer “{label}”"
        if self.is_checkbox:
            return f"Tick “{label}”"
        choosing = isinstance(self.field.widget, (forms.Select, forms.RadioSelect, forms.FileInput))
        name = label[:1].lower() + label[1:] if label[1:2].islower() else label  # "GSS code" stays as it is
        return f"{'Choose' if choosing else 'Enter'} {name}"

    @property
    def error_target(self):
        """The id of the control an error summary should take the person to: the first, where there are several."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect):
            return widget.id_for_label(self.auto_id, index="0")
        return f"{self.auto_id}_0" if isinstance(widget, forms.MultiWidget) else self.id_for_label


class GovukRenderer(TemplatesSetting):
    """Django's renderer with our templates for the form, the field and the widgets in `WIDGETS`."""

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field.html"
    bound_field_class = GovukBoundField

    def get_template(self, template_name):
        return super().get_template(WIDGETS.get(template_name, template_name))
