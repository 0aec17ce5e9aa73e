from django.db import migrations

from core.audit import guard


def install(apps, schema_editor):
    guard.install(schema_editor.connection)


def remove(apps, schema_editor):
    guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_ledger_people_audit")]

    operations = [migrations.RunPython(install, remove)]
