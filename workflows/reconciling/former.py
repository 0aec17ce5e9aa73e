"""What a firm's page shows of the names that it had."""

from workflows.reconciling.models import FormerName

AT_MOST = 5


def former_names(firm, user) -> list[FormerName]:
    return list(FormerName.objects.visible_to(user).filter(firm=firm)[:AT_MOST])
