"""Where readers can write to whoever runs the portal. It stays empty until they say so."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0002_plain_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='sitesettings',
            name='contact',
            field=models.CharField(blank=True, help_text='Where readers can report a mistake: mailto:… or https://…. It stands at the foot of every page.', max_length=300),
        ),
    ]
