import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0023_report_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlatformToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('platform', models.CharField(max_length=80, verbose_name='platform')),
                ('area', models.CharField(db_index=True, max_length=12, verbose_name='area')),
                ('parts', models.JSONField(verbose_name='what it opens')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('expires_on', models.DateField(verbose_name='valid until')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='revoked at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'token of a platform',
                'verbose_name_plural': 'tokens of platforms',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PlatformUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('many', models.PositiveIntegerField(default=0)),
                ('last_at', models.DateTimeField()),
                ('token', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='core.platformtoken')),
            ],
            options={
                'ordering': ['-day'],
            },
        ),
        migrations.AddConstraint(
            model_name='platformtoken',
            constraint=models.CheckConstraint(condition=models.Q(('area', ''), _negated=True), name='token_of_a_platform_has_an_area'),
        ),
        migrations.AddConstraint(
            model_name='platformtoken',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='revoked_token_says_who'),
        ),
        migrations.AddConstraint(
            model_name='platformuse',
            constraint=models.UniqueConstraint(fields=('token', 'day'), name='one_count_of_a_token_for_a_day'),
        ),
    ]
