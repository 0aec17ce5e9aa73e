"""Assignments that ended before reasons were listed keep their words and say so. Alone in its
migration: PostgreSQL does not alter a table whose rows were changed before."""

from django.db import migrations


def say_that_they_ended_before(apps, schema_editor):
    ended = apps.get_model("core", "Assignment").objects.filter(until__isnull=False, ended_as="")
    ended.update(ended_as="before")


class Migration(migrations.Migration):
    dependencies = [("core", "0014_reasons_of_ends")]

    operations = [migrations.RunPython(say_that_they_ended_before, migrations.RunPython.noop)]
