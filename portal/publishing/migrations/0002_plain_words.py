"""Help texts and names of fields in natural American English. The tables stay as they are."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditentry',
            name='about',
            field=models.CharField(blank=True, max_length=300, verbose_name='item'),
        ),
        migrations.AlterField(
            model_name='change',
            name='doubt',
            field=models.CharField(blank=True, help_text='What came with the software says so.', max_length=600, verbose_name='why it is pending'),
        ),
        migrations.AlterField(
            model_name='picture',
            name='alt',
            field=models.CharField(blank=True, help_text='What the picture shows, for readers who can’t see it. Don’t begin with “picture of.”', max_length=300, verbose_name='description'),
        ),
        migrations.AlterField(
            model_name='picture',
            name='credit',
            field=models.CharField(help_text='Who made it and what allows us to show it, for example “National Cancer Institute, public domain.”', max_length=200, verbose_name='credit and license'),
        ),
        migrations.AlterField(
            model_name='picture',
            name='decorative',
            field=models.BooleanField(default=False, help_text='Check this box if the picture adds nothing to what the text says.'),
        ),
        migrations.AlterField(
            model_name='source',
            name='official',
            field=models.BooleanField(default=False, help_text='Yes if FDA’s own record, or that of another government body, was read; no for a journal, society, trade, or news page.'),
        ),
        migrations.AlterConstraint(
            model_name='picture',
            name='picture_described_or_decorative',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('alt', ''), ('decorative', True)), models.Q(('decorative', False), models.Q(('alt', ''), _negated=True)), _connector='OR'), name='picture_described_or_decorative', violation_error_message='Describe what the picture shows, or mark it as decorative, but not both.'),
        ),
    ]
