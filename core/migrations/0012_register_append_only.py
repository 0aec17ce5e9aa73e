from django.db import migrations

from core.audit import guard


def install(apps, schema_editor):
    guard.install(schema_editor.connection, guard.REGISTER)


def remove(apps, schema_editor):
    guard.remove(schema_editor.connection, guard.REGISTER)


class Migration(migrations.Migration):
    dependencies = [("core", "0011_register_history_and_training")]

    operations = [migrations.RunPython(install, remove)]
