import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from core.audit import guard


def install(apps, schema_editor):
    guard.install(schema_editor.connection, guard.REPORTED)


def remove(apps, schema_editor):
    guard.remove(schema_editor.connection, guard.REPORTED)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0022_latest_changes_of_a_county'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportedCopy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('report', models.CharField(choices=[('ledger', 'Ledger of firms'), ('coverage', 'Coverage table'), ('quarterly', 'Quarterly report'), ('should_have', 'Firms that should have a branch of their own')], max_length=12, verbose_name='table')),
                ('on', models.DateField(verbose_name='as of')),
                ('area', models.CharField(max_length=12, verbose_name='area')),
                ('whom', models.CharField(max_length=80, verbose_name='reported to')),
                ('reason', models.CharField(max_length=200, verbose_name='for what')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('name', models.CharField(max_length=200, verbose_name='file name')),
                ('content_type', models.CharField(max_length=100)),
                ('content', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
                ('rows', models.PositiveIntegerField(verbose_name='rows')),
                ('numbers', models.JSONField()),
                ('standing', models.BinaryField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.linedepartment', verbose_name='line department')),
                ('same_as', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handed_on', to='core.reportedcopy')),
            ],
            options={
                'verbose_name': 'reported copy',
                'verbose_name_plural': 'reported copies',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['area', 'report', 'on'], name='copy_area_report_on')],
            },
        ),
        migrations.CreateModel(
            name='ReportLayout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(max_length=12, verbose_name='area')),
                ('report', models.CharField(choices=[('ledger', 'Ledger of firms'), ('coverage', 'Coverage table'), ('quarterly', 'Quarterly report'), ('should_have', 'Firms that should have a branch of their own')], max_length=12, verbose_name='table')),
                ('title', models.CharField(blank=True, max_length=80, verbose_name='title')),
                ('unit_line', models.CharField(blank=True, max_length=80, verbose_name='reporting unit')),
                ('columns', models.JSONField(default=list)),
                ('notes', models.TextField(blank=True, max_length=1000, verbose_name='notes')),
                ('signs', models.TextField(blank=True, max_length=400, verbose_name='sign-off lines')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.linedepartment', verbose_name='line department')),
            ],
            options={
                'verbose_name': 'layout of a table',
                'verbose_name_plural': 'layouts of tables',
                'constraints': [models.UniqueConstraint(condition=models.Q(('line', None)), fields=('area', 'report'), name='one_layout_of_an_office'), models.UniqueConstraint(condition=models.Q(('line__isnull', False)), fields=('line', 'report'), name='one_layout_of_a_line_department')],
            },
        ),
        migrations.RunPython(install, remove),
    ]
