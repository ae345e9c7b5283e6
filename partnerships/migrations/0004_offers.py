from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0003_cases_take_steps"), ("savings", "0036_notes_on_anything")]
    operations = []
