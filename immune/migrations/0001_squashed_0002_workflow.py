from django.conf import settings
from django.db import migrations

from portal.publishing.migrations._whole import tables

NAMES = (
    '0001_first',
    '0002_workflow',
)


class Migration(migrations.Migration):

    replaces = [('immune', name) for name in NAMES]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('publishing', '0001_squashed_0008_contradictions'),
    ]

    operations = tables('immune', __package__, NAMES)
