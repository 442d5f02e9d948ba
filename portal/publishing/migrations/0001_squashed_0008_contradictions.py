from importlib import import_module

from django.conf import settings
from django.db import migrations

from ._whole import tables

audit_guard = import_module('portal.publishing.migrations.0003_append_only_audit')
NAMES = (
    '0001_first',
    '0002_working_papers',
    '0003_append_only_audit',
    '0004_who_is_here',
    '0005_guest_review',
    '0006_pictures',
    '0007_audit_by_row',
    '0008_contradictions',
)


class Migration(migrations.Migration):

    replaces = [('publishing', name) for name in NAMES]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *tables('publishing', __package__, NAMES),
        migrations.RunPython(audit_guard.guard, audit_guard.unguard),
    ]
