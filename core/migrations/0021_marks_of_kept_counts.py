from django.db import migrations

from core.figures import touching


def install(apps, schema_editor):
    touching.install(schema_editor.connection)


def remove(apps, schema_editor):
    touching.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("core", "0020_kept_counts")]

    operations = [migrations.RunPython(install, remove)]
