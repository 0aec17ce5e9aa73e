from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("core", "0015_ends_of_before")]

    operations = [
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=Q(("until__isnull", True)) | ~Q(("ended_as", "")),
                name="ended_assignment_keeps_its_reason",
            ),
        ),
    ]
