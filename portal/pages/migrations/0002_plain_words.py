"""Help texts and names of fields in natural American English. The tables stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='takepartlink',
            options={'default_permissions': ('add', 'change', 'delete', 'view', 'confirm'), 'ordering': ['order', 'pk'], 'verbose_name': 'Get involved link'},
        ),
        migrations.AlterField(
            model_name='sitesettings',
            name='facts_checked_to',
            field=models.DateField(help_text='We checked FDA decisions through this day. Every count on the site carries this date.', verbose_name='facts checked through'),
        ),
        migrations.AlterField(
            model_name='takepartlink',
            name='checked_on',
            field=models.DateField(blank=True, help_text='The day someone opened the link and it worked.', null=True, verbose_name='last checked'),
        ),
        migrations.AlterField(
            model_name='term',
            name='linked',
            field=models.BooleanField(default=True, help_text='The first use of a word in a text links here. Turn it off if the word often means something else.', verbose_name='link from texts'),
        ),
    ]
