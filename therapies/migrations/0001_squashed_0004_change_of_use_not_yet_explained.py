from django.conf import settings
from django.db import migrations

from portal.publishing.migrations._whole import tables

NAMES = (
    '0001_first',
    '0002_workflow',
    '0003_registrars_desk',
    '0004_change_of_use_not_yet_explained',
)


class Migration(migrations.Migration):

    replaces = [('therapies', name) for name in NAMES]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('immune', '0001_squashed_0002_workflow'),
        ('publishing', '0001_squashed_0008_contradictions'),
    ]

    operations = tables('therapies', __package__, NAMES)
