"""What figures asked of each firm, from the day on which it opened: from its dated changes; where
something else changed before, nobody wrote down what it was. Backwards the table goes as a whole."""

from django.db import migrations

HELD = (
    "county", "area", "line_id", "branch_id", "industry", "size", "above_scale", "employees",
)  # fmt: skip
MANY = 1000


def write_down(apps, schema_editor):
    firms = apps.get_model("core", "Firm").objects.order_by("pk").prefetch_related("changes")
    table = apps.get_model("core", "Spell").objects
    for firm in firms.iterator(chunk_size=MANY):
        table.bulk_create(_spells(table.model, firm))


def _spells(table, firm):
    changes = sorted(firm.changes.all(), key=lambda change: (change.on, change.pk))
    held = {name: getattr(firm, name) for name in HELD} | {"stage": "blank", "operation": "operating"}
    held |= {change.track: change.source for change in reversed(changes)}
    spells = [table(firm_id=firm.pk, since=firm.opened_on, **held)]
    for change in changes:
        held |= {change.track: change.target}
        if change.on <= spells[-1].since:
            setattr(spells[-1], change.track, change.target)
            continue
        spells[-1].until = change.on
        spells.append(table(firm_id=firm.pk, since=change.on, **held))
    return spells


class Migration(migrations.Migration):
    dependencies = [("core", "0017_spells")]

    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
