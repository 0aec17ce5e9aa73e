"""Sending units become a table of their own: whoever answers for one signs in, and the same unit is
not typed twice."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0006_jobs")]

    operations = [
        migrations.CreateModel(
            name="SendingUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("county", models.CharField(max_length=6, verbose_name="county")),
                ("name", models.CharField(max_length=128, verbose_name="name")),
            ],
            options={
                "verbose_name": "sending unit",
                "verbose_name_plural": "sending units",
                "ordering": ["county", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("county", "name"), name="sending_unit_named_once_in_a_county")
                ],
            },
        ),
        migrations.AddField(
            "instructor", "unit",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="instructors",
                to="core.sendingunit", verbose_name="sending unit",
            ),
        ),
    ]
