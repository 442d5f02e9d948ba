"""An index from which a search learns whether the index of pages is still the same, without reading their words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0008_search")]
    operations = [
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["written_at"], name="search_state"),
        ),
    ]
