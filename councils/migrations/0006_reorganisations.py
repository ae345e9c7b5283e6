"""Nothing yet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("councils", "0005_invitations")]
    operations = []
