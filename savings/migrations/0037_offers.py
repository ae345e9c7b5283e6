from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0036_notes_on_anything"), ("partnerships", "0004_offers")]
    operations = []
