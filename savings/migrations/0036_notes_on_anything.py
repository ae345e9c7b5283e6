"""Notes about documents, quality indicators and requests to confirm too."""

from functools import reduce
from operator import or_
from pathlib import Path

from django.db import migrations, models
from django.db.models import PROTECT, Q

from councils.sealing import reseal

NAMED = {
    "partnership": (), "entry": ("entry",), "scheme": ("scheme",), "charge": ("charge",), "business_case": ("case",),
    "document": ("document",), "indicator": ("indicator",), "confirmation": ("confirmation",),
    "return": ("quarter", "quarter_of"),
}  # fmt: skip
EVERY = sorted({name for names in NAMED.values() for name in names})
ABOUT_ONE_THING = reduce(or_, (
    Q(about=about, **{f"{name}__isnull": name not in names for name in EVERY}) for about, names in NAMED.items()
))  # fmt: skip
NEW = {"confirmation": "confirmationrequest", "document": "document", "indicator": "indicator"}
KINDS = [
    ("partnership", "Partnership"), ("entry", "Entry"), ("scheme", "Scheme"), ("charge", "Charge"),
    ("return", "Return"), ("business_case", "Business case"), ("document", "Document"),
    ("indicator", "Quality indicator"), ("confirmation", "Request to confirm"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("savings", "0034_reorganised")]

    operations = [
        reseal("savings", "Note"),
        migrations.RemoveConstraint("note", "savings_note_about"),
        *(
            migrations.AddField(
                "note", name, models.ForeignKey(f"savings.{to}", null=True, on_delete=PROTECT, related_name="notes")
            )
            for name, to in NEW.items()
        ),
        migrations.AlterField("note", "about", models.TextField(choices=KINDS)),
        migrations.AddConstraint("note", models.CheckConstraint(condition=ABOUT_ONE_THING, name="savings_note_about")),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text()),
        reseal("savings", "Note"),
    ]
