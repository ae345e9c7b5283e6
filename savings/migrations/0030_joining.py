"""Nothing yet."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("savings", "0029_successors_act"), ("councils", "0005_invitations")]
    operations = []
