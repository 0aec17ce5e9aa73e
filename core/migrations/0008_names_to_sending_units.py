"""The units that stood as text beside each instructor become rows; backwards they are text again.
Alone in its migration: PostgreSQL does not alter a table whose rows were changed before."""

from django.db import migrations


def names_to_rows(apps, schema_editor):
    instructors = apps.get_model("core", "Instructor").objects
    units = apps.get_model("core", "SendingUnit").objects
    for county, name in set(instructors.values_list("county", "sending_unit")):
        unit, _made = units.get_or_create(county=county, name=" ".join(name.split()))
        instructors.filter(county=county, sending_unit=name).update(unit=unit)


def rows_to_names(apps, schema_editor):
    instructors = apps.get_model("core", "Instructor").objects
    for unit in apps.get_model("core", "SendingUnit").objects.all():
        instructors.filter(unit=unit).update(sending_unit=unit.name)


class Migration(migrations.Migration):
    dependencies = [("core", "0007_sending_units")]

    operations = [migrations.RunPython(names_to_rows, rows_to_names)]
