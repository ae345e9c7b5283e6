"""Text that hides something: refused by PostgreSQL for whoever writes, by the very rule that forms state in words."""

import importlib
import pkgutil
import unicodedata

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms import CharField, Form, HiddenInput, PasswordInput

import savings.forms as forms_package
from councils.acts import act
from councils.plain_text import skeleton, why_no_code, why_not_plain
from savings.models import BudgetReduction
from tests.factories import acting, an_entry

HIDDEN = "Signed\u202eoff"


def asked(function, texts, *arguments):
    """What a function of PostgreSQL answers for each of `texts`."""
    extra = "".join(f", {each}" for each in arguments)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(t{extra}) FROM unnest(%s::text[]) WITH ORDINALITY u (t, n) ORDER BY n", [texts]
        )
        return [answer for (answer,) in cursor.fetchall()]


def characters():
    """Every character that can be stored and is itself when normalised."""
    found = (chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF)
    return [each for each in found if unicodedata.is_normalized("NFC", f"a{each}b")]


def test_forms_and_database_refuse_the_same_characters(db):
    texts = [f"a{each}b" for each in characters()]
    for lines in (True, False):
        assert asked("plain_text", texts, str(lines).lower()) == [
            not why_not_plain(text, lines=lines) for text in texts
        ]


def test_the_two_agree_on_what_is_joined_too(db):
    texts = [
        "👩\u200d💻",
        "❤️\u200d🔥",
        "a\u200d💻",
        "💻\u200d",
        "🏴\U000e0067\U000e0062\U000e0077\U000e007f",
        "\U000e0067",
    ]
    assert asked("plain_text", texts, "false") == [not why_not_plain(text, lines=False) for text in texts]
    assert asked("plain_text", texts, "false") == [True, True, False, False, True, False]


def test_every_format_character_but_those_scripts_need_is_refused():
    """What is left are marks of Arabic, Kaithi and musical notation, which show and turn nothing round."""
    taken = [c for c in characters() if unicodedata.category(c) in ("Cf", "Cc") and not why_not_plain(c, lines=True)]
    assert {unicodedata.name(c, "?").split()[0] for c in taken if c != "\n"} <= {
        "ARABIC", "SYRIAC", "KAITHI", "MUSICAL", "SHORTHAND", "EGYPTIAN",
    }  # fmt: skip


def test_forms_and_database_agree_on_codes(db):
    texts = [each for each in characters() if ord(each) < 0x3000]
    assert asked("plain_code", texts) == [not why_no_code(each) and each != " " for each in texts]
    codes = [each for each in texts if not why_no_code(each)]
    assert asked("code_skeleton", codes) == [skeleton(each) for each in codes]


@pytest.mark.parametrize("fields", [{"note": HIDDEN}, {"document_ref": HIDDEN}, {"document_ref": "two\nlines"}])
def test_no_entry_hides_anything_whoever_writes_it(cast, fields):
    with pytest.raises(Exception, match="cannot be seen|on one line|_plain"), transaction.atomic():
        an_entry(cast, **fields)


def test_text_that_is_not_normalised_is_refused(cast):
    with pytest.raises(Exception, match="_plain|cannot be seen"), transaction.atomic():
        an_entry(cast, note="Ty\u0302")


def test_welsh_and_emoji_stay(cast):
    assert an_entry(cast, note="Arbedwyd yn nhŷ’r cyngor 🎉\n👩‍💻").note.endswith("👩‍💻")


@pytest.mark.parametrize("code", ["r100", "R 100", "R\u0410100", "R１００"])
def test_two_budgets_that_look_the_same_cannot_both_be(cast, code):
    an_entry(cast, ledger_code="R100", reduction_pence=1_000_00)
    with acting(cast.people["ben"]) as how, pytest.raises(IntegrityError), transaction.atomic():
        with act(by=how["by"], at=how["at"], verb="reduced") as this:
            BudgetReduction.objects.create(
                act=this, council=cast.councils["NFD"], year=2025, code=code, amount_pence=1, recorded_by=how["by"]
            )


PASTED = {"lines", "charges", "baselines", "volumes", "pasted"}  # whole tables, whose cells are checked one by one


def test_every_box_that_people_type_words_into_refuses_hidden_text():
    """A form's own text field would let through what the database refuses, without saying where."""
    boxes = [
        (f"{name}.{field_name}", field)
        for module in pkgutil.iter_modules(forms_package.__path__)
        for name, form in vars(importlib.import_module(f"savings.forms.{module.name}")).items()
        if isinstance(form, type) and issubclass(form, Form)
        for field_name, field in form.base_fields.items()
        if field_name not in PASTED and not isinstance(field.widget, HiddenInput | PasswordInput)  # never kept as text
    ]
    assert len(boxes) > 50
    assert [name for name, field in boxes if type(field) is CharField] == []
