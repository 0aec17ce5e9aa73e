"""What the register knows of an instructor, whom a unit account answers for, and declared ties."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('core', '0008_names_to_sending_units'),
    ]

    operations = [
        migrations.AlterField(
            "instructor", "sending_unit",
            models.CharField(default="", max_length=128, verbose_name="sending unit"),
        ),
        migrations.RemoveField("instructor", "sending_unit"),
        migrations.CreateModel(
            name='Tie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('employer', 'Former employer'), ('relative', 'A relative works there')], max_length=8, verbose_name='kind')),
                ('declared_on', models.DateField(verbose_name='declared on')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='no longer since')),
            ],
            options={
                'verbose_name': 'declared tie',
                'verbose_name_plural': 'declared ties',
            },
        ),
        migrations.AddField(
            model_name='firm',
            name='languages',
            field=models.CharField(blank=True, max_length=120, verbose_name='languages'),
        ),
        migrations.AddField(
            model_name='instructor',
            name='further_areas',
            field=models.ManyToManyField(blank=True, related_name='+', to='core.area', verbose_name='further areas'),
        ),
        migrations.AddField(
            model_name='instructor',
            name='kind',
            field=models.CharField(choices=[('full_time', 'Full-time'), ('part_time', 'Part-time'), ('retired', 'Retired cadre')], default='part_time', max_length=12, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='instructor',
            name='languages',
            field=models.CharField(blank=True, max_length=120, verbose_name='languages of work'),
        ),
        migrations.AddField(
            model_name='instructor',
            name='mode',
            field=models.CharField(choices=[('single', 'One firm'), ('multiple', 'Several firms')], default='multiple', max_length=8, verbose_name='sent to'),
        ),
        migrations.AddField(
            model_name='instructor',
            name='takes_more_from',
            field=models.DateField(blank=True, null=True, verbose_name='takes further firms from'),
        ),
        migrations.AddField(
            model_name='instructor',
            name='trade',
            field=models.CharField(blank=True, choices=[('A', 'Farming, forestry, animal husbandry, fishery'), ('B', 'Mining'), ('C', 'Manufacturing'), ('D', 'Electricity, heat, gas, water'), ('E', 'Construction'), ('F', 'Wholesale and retail'), ('G', 'Transport, storage, post'), ('H', 'Lodging and catering'), ('I', 'Information and software'), ('J', 'Finance'), ('K', 'Real estate'), ('L', 'Leasing and business services'), ('M', 'Research and technical services'), ('N', 'Water, environment, public facilities'), ('O', 'Household and repair services'), ('P', 'Education'), ('Q', 'Health and social work'), ('R', 'Culture, sports, entertainment'), ('S', 'Public administration and social organisations'), ('T', 'International organisations')], max_length=1, verbose_name='trade'),
        ),
        migrations.AddField(
            model_name='user',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='core.sendingunit', verbose_name='sending unit'),
        ),
        migrations.AlterField(
            model_name='instructor',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instructors', to='core.sendingunit', verbose_name='sending unit'),
        ),
        migrations.AlterField(
            model_name='user',
            name='role',
            field=models.CharField(choices=[('instructor', 'Instructor'), ('township', 'Township supervisor'), ('line', 'Line-department supervisor'), ('county', 'County supervisor'), ('contact', 'Firm contact'), ('unit', 'Sending unit'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], max_length=16, verbose_name='role'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', 'unit'), _negated=True), ('unit__isnull', False), _connector='OR'), name='unit_account_names_the_unit'),
        ),
        migrations.AddField(
            model_name='tie',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tie',
            name='firm',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ties', to='core.firm', verbose_name='firm'),
        ),
        migrations.AddField(
            model_name='tie',
            name='instructor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ties', to='core.instructor'),
        ),
        migrations.AddConstraint(
            model_name='tie',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('instructor', 'firm', 'kind'), name='tie_declared_once'),
        ),
    ]
