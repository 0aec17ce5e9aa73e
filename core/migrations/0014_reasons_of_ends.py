from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0013_letters_and_contact_cards")]

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
    ]
