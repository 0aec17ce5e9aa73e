from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.verbs import GUESTS
from core.ledger.models import Firm


def file_path(attachment, name: str) -> str:
    """Where a file is kept: never under the name that its sender gave it."""
    return f"files/{attachment.county}/{attachment.pk}"


class Attachment(models.Model):
    """A file that belongs to a firm's case. Served only to those who see the firm."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="files")
    county = models.CharField(max_length=6)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    file = models.FileField(_("file"), upload_to=file_path)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class AttachmentQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Files of the firms within reach. Evidence holds lists of members, and an owner does
            not learn who is one: a firm's contact sees what they sent themselves."""
            seen = self.filter(firm__in=Firm.objects.visible_to(user).values("pk"))
            return seen.filter(by=user) if user.role in GUESTS else seen

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return self.name
