from django.conf import settings
from django.db import migrations

from portal.publishing.migrations._whole import tables

NAMES = (
    '0001_first',
    '0002_workflow',
)


class Migration(migrations.Migration):

    replaces = [('faq', name) for name in NAMES]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('publishing', '0001_squashed_0008_contradictions'),
        ('therapies', '0001_squashed_0004_change_of_use_not_yet_explained'),
    ]

    operations = tables('faq', __package__, NAMES)
