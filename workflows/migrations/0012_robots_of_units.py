"""Sending units are an office too: a robot of theirs can be connected."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workflows', '0011_what_a_task_is_lent_for'),
    ]

    operations = [
        migrations.AlterField(
            model_name='robot',
            name='role',
            field=models.CharField(blank=True, choices=[('instructor', 'Instructor'), ('township', 'Township supervisor'), ('line', 'Line-department supervisor'), ('county', 'County supervisor'), ('contact', 'Firm contact'), ('unit', 'Sending unit'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], max_length=16, verbose_name='role'),
        ),
    ]
