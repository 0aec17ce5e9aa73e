import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from workflows.surveys import guard


def install(apps, schema_editor):
    guard.install(schema_editor.connection)


def remove(apps, schema_editor):
    guard.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0019_printed_figures'),
        ('workflows', '0018_handovers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SurveyRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('title', models.CharField(max_length=64, verbose_name='title')),
                ('county', models.CharField(db_index=True, max_length=6)),
                ('until', models.DateField(verbose_name='until')),
                ('count', models.PositiveIntegerField(default=0)),
                ('opened_at', models.DateTimeField()),
                ('reminded_at', models.DateTimeField(null=True)),
                ('late_told_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('figures', models.JSONField(default=dict)),
                ('areas', models.ManyToManyField(related_name='+', to='core.area', verbose_name='areas')),
                ('cancelled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'survey round',
                'verbose_name_plural': 'survey rounds',
                'ordering': ['-opened_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SurveyFirm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.CharField(max_length=6)),
                ('area', models.CharField(max_length=12)),
                ('state', models.CharField(choices=[('open', 'To answer'), ('confirmed', 'Confirmed'), ('changed', 'Changed'), ('not_found', 'Not found'), ('gone', 'Closed meanwhile')], default='open', max_length=10, verbose_name='state')),
                ('changes', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, choices=[('nobody', 'Nobody is at the address'), ('other_firm', 'Another firm is at the address'), ('not_reached', 'Nobody answers the phone'), ('said_closed', 'It is said to have closed'), ('said_moved', 'It is said to have moved'), ('other', 'Something else')], max_length=12)),
                ('words', models.CharField(blank=True, max_length=2000)),
                ('answered_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('closed', 'It has closed'), ('moved', 'It has moved')], max_length=8)),
                ('moves_to', models.CharField(blank=True, max_length=12)),
                ('moved', models.BooleanField(default=False)),
                ('settled_at', models.DateTimeField(null=True)),
                ('name', models.CharField(blank=True, max_length=128)),
                ('credit_code', models.CharField(blank=True, max_length=18)),
                ('stage', models.CharField(blank=True, choices=[('blank', 'No members yet'), ('mass_organised', 'Mass organisation'), ('work_covered', 'Work covered'), ('affiliated', 'Affiliated branch'), ('standalone', 'Branch of its own')], max_length=16)),
                ('operation', models.CharField(blank=True, choices=[('operating', 'Operating'), ('paused', 'Paused'), ('closed', 'Closed')], max_length=12)),
                ('employees', models.PositiveIntegerField(null=True)),
                ('answered_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='survey_rows', to='core.firm')),
                ('in_place_of', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.linedepartment')),
                ('settled_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='firms', to='workflows.surveyround')),
            ],
            options={
                'verbose_name': 'firm in a survey round',
                'verbose_name_plural': 'firms in a survey round',
            },
        ),
        migrations.CreateModel(
            name='LateAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('typed', models.JSONField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='late', to='workflows.surveyfirm')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('row', 'by'), name='one_late_answer_of_a_person')],
            },
        ),
        migrations.AddConstraint(
            model_name='surveyround',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('cancelled_at__isnull', True), _connector='OR'), name='survey_is_closed_or_cancelled'),
        ),
        migrations.AddIndex(
            model_name='surveyfirm',
            index=models.Index(fields=['round', 'area', 'state'], name='survey_round_area'),
        ),
        migrations.AddIndex(
            model_name='surveyfirm',
            index=models.Index(fields=['round', 'state'], name='survey_round_state'),
        ),
        migrations.AddConstraint(
            model_name='surveyfirm',
            constraint=models.UniqueConstraint(fields=('round', 'firm'), name='firm_stands_once_in_a_survey'),
        ),
        migrations.AddConstraint(
            model_name='surveyfirm',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='survey_answer_has_its_moment'),
        ),
        migrations.AddConstraint(
            model_name='surveyfirm',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'not_found'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='survey_not_found_says_why'),
        ),
        migrations.AddConstraint(
            model_name='surveyfirm',
            constraint=models.CheckConstraint(condition=models.Q(('outcome', ''), ('state', 'not_found'), _connector='OR'), name='survey_outcome_of_not_found'),
        ),
        migrations.RunPython(install, remove),
    ]
