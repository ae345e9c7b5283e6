"""Row-level security is forced on every table: what a filter forgets, the database still refuses."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("savings", "0003_grades"),
        ("partnerships", "0002_promises_take_two"),
        ("councils", "0002_acts"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(),
            # a wall is not taken down: going back means restoring the database as it was
            None,
        )
    ]
