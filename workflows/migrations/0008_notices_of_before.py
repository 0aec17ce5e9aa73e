from django.db import migrations
from django.db.models import OuterRef, Subquery

from workflows.notices.kinds import kind_of


def fill(apps, schema_editor):
    """Older notices learn their case and kind. They were told long ago: nothing more leaves."""
    notice, event = apps.get_model("workflows", "Notice"), apps.get_model("core", "Event")
    firm = event.objects.filter(pk=OuterRef("event_id")).values("firm_id")
    notice.objects.update(firm_id=Subquery(firm), passed_on=True)
    for code in list(notice.objects.order_by().values_list("event__code", flat=True).distinct()):
        codes = event.objects.filter(code=code).values("pk")
        notice.objects.filter(event_id__in=codes).update(kind=str(kind_of(code)))


class Migration(migrations.Migration):

    dependencies = [("workflows", "0007_what_leaves_the_house")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
