from django.db import migrations, models
from django.db.models import Q


def say_that_they_ended_before(apps, schema_editor):
    """Until now an end kept words only; these stay."""
    ended = apps.get_model("core", "Assignment").objects.filter(until__isnull=False, ended_as="")
    ended.update(ended_as="before")


class Migration(migrations.Migration):
    dependencies = [("core", "0010_credentials")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="ended_as",
            field=models.CharField(
                blank=True,
                default="",
                choices=[
                    ("recall", "Recalled"),
                    ("mistake", "Entered by mistake"),
                    ("asked", "The instructor asked to stop"),
                    ("term", "The term ended"),
                    ("firm", "The firm moved away or stops its work"),
                    ("closed", "The firm closed"),
                    ("before", "Ended before reasons were listed"),
                ],
                max_length=8,
                verbose_name="reason of the end",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(say_that_they_ended_before, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=Q(("until__isnull", True)) | ~Q(("ended_as", "")),
                name="ended_assignment_keeps_its_reason",
            ),
        ),
    ]
