"""Help texts as a native speaker writes them. No table changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0003_contact'),
    ]

    operations = [
        migrations.AlterField(
            model_name='sitesettings',
            name='contact',
            field=models.CharField(blank=True, help_text='Where readers can report a mistake: mailto:… or https://…. Shown at the bottom of every page.', max_length=300),
        ),
    ]
