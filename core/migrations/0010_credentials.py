
import core.credentials.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0009_register_and_ties'),
    ]

    operations = [
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.CharField(db_index=True, max_length=6)),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='number')),
                ('year', models.PositiveSmallIntegerField()),
                ('serial', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('issued', 'Issued'), ('active', 'Active'), ('suspended', 'Suspended'), ('lost', 'Lost'), ('expired', 'Expired'), ('revoked', 'Revoked')], default='issued', max_length=10, verbose_name='state')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_until', models.DateField(verbose_name='valid until')),
                ('instructor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='core.instructor', verbose_name='instructor')),
            ],
            options={
                'verbose_name': 'credential',
                'verbose_name_plural': 'credentials',
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issue', models.PositiveSmallIntegerField(verbose_name='card no.')),
                ('nonce', models.CharField(max_length=12, unique=True)),
                ('issued_on', models.DateField(verbose_name='issued on')),
                ('ended_on', models.DateField(null=True)),
                ('ended_by', models.CharField(blank=True, max_length=10)),
                ('copies', models.PositiveIntegerField(default=0, verbose_name='copies printed')),
                ('template', models.CharField(blank=True, max_length=12, verbose_name='template')),
                ('credential', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='core.credential')),
            ],
            options={
                'ordering': ['-issue'],
            },
        ),
        migrations.CreateModel(
            name='CredentialMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=10)),
                ('source', models.CharField(blank=True, max_length=10)),
                ('target', models.CharField(choices=[('issued', 'Issued'), ('active', 'Active'), ('suspended', 'Suspended'), ('lost', 'Lost'), ('expired', 'Expired'), ('revoked', 'Revoked')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('on', models.DateField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('credential', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='core.credential')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='CredentialSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.CharField(max_length=6)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('county', 'year'), name='one_count_for_a_credential_series')],
            },
        ),
        migrations.CreateModel(
            name='Portrait',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to=core.credentials.models.portrait_path)),
                ('at', models.DateTimeField(auto_now=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('instructor', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='portrait', to='core.instructor')),
            ],
        ),
        migrations.AddConstraint(
            model_name='credential',
            constraint=models.UniqueConstraint(fields=('county', 'year', 'serial'), name='credential_serial_given_once'),
        ),
        migrations.AddConstraint(
            model_name='credential',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'revoked'), _negated=True), fields=('instructor',), name='one_credential_for_an_instructor'),
        ),
        migrations.AddConstraint(
            model_name='credential',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until__gte', models.F('valid_from'))), name='credential_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(fields=('credential', 'issue'), name='card_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('credential',), name='one_card_in_use'),
        ),
    ]
