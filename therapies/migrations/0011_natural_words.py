"""Help texts as a native speaker writes them. No table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0005_values_of_sources'),
        ('therapies', '0010_kinds_of_test_results'),
    ]

    operations = [
        migrations.AlterField(
            model_name='druglabel',
            name='common_reactions',
            field=models.TextField(blank=True, help_text='Most common side effects; a threshold goes before a colon. Separate with semicolons.'),
        ),
        migrations.AlterField(
            model_name='furthersource',
            name='why',
            field=models.CharField(blank=True, help_text='For readers, where the days differ. One sentence.', max_length=300, verbose_name='why we keep ours'),
        ),
        migrations.AlterField(
            model_name='therapyclass',
            name='note',
            field=models.CharField(blank=True, help_text='For staff: why the class belongs to its family.', max_length=300),
        ),
        migrations.AlterField(
            model_name='unlabelleduse',
            name='reason',
            field=models.CharField(choices=[('old-text', 'The label at hand carries an older text'), ('other-label', 'It’s on a label that we don’t have'), ('not-on-label', 'FDA approved it, and this label doesn’t show it')], max_length=12),
        ),
        migrations.AlterConstraint(
            model_name='furthersource',
            name='furthersource_once',
            constraint=models.UniqueConstraint(fields=('event', 'source'), name='furthersource_once', violation_error_message='This source is already listed with the decision.'),
        ),
        migrations.AlterModelOptions(
            name='labelleduse',
            options={'default_permissions': ('add', 'change', 'delete', 'view', 'confirm'), 'ordering': ['label', 'position', 'pk'], 'verbose_name': 'use on a label', 'verbose_name_plural': 'uses on a label'},
        ),
        migrations.AlterModelOptions(
            name='unlabelleduse',
            options={'default_permissions': ('add', 'change', 'delete', 'view', 'confirm'), 'ordering': ['label', 'pk'], 'verbose_name': 'use that a label leaves out', 'verbose_name_plural': 'uses that a label leaves out'},
        ),
    ]
