from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Letterhead(models.Model):
    """What stands on every letter of an office, kept once so that nobody is asked twice."""

    area = models.CharField(max_length=12, unique=True)  # whose office it is: division code
    organ = models.CharField(
        _("name in the red head"), max_length=29,
        help_text=_("As it stands at the top of a letter."),
    )  # fmt: skip
    word = models.CharField(
        _("word in document numbers"), max_length=20, help_text=_("What stands before the year.")
    )
    signed = models.CharField(
        _("name in the signature"), max_length=40, help_text=_("The office's full name.")
    )
    upward = models.CharField(
        _("requests go to"), max_length=60, blank=True, help_text=_("The office above that answers.")
    )
    downward = models.CharField(
        _("notices go to"), max_length=120, help_text=_("Townships, parks, sending units.")
    )
    copies = models.CharField(
        _("copies to"), max_length=200, blank=True, help_text=_("Several with a comma between them.")
    )
    issued_by = models.CharField(
        _("printed and sent by"), max_length=40, blank=True,
        help_text=_("Left empty, it is the office itself."),
    )  # fmt: skip
    signer = models.CharField(
        _("who signs requests off"), max_length=40, blank=True,
        help_text=_("A request to the office above names them."),
    )  # fmt: skip
    contact = models.CharField(
        _("whom to call about a request"), max_length=60, blank=True, help_text=_("Name and phone.")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")

    def __str__(self) -> str:
        return f"{self.area} {self.organ}"


class Letter(models.Model):
    """A letter with its number and everything that it says. Added to, never changed."""

    class Kind(models.TextChoices):
        REQUEST = "request", pgettext_lazy("letter", "Request")
        ANSWER = "answer", pgettext_lazy("letter", "Answer")
        NOTICE = "notice", pgettext_lazy("letter", "Notice")

    area = models.CharField(max_length=12)  # of the office that wrote it
    subject = models.CharField(max_length=40)  # what it is about: "assignment_list:5"
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    day = models.DateField(_("day of the letter"))
    facts = models.JSONField()  # see core.letters.frozen
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class LetterQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Those who write letters, and those who check the office: a letter names everybody of
            a list, also those outside a township's or a line's reach."""
            reads = user.is_authenticated and (user.may("issue_assignments") or user.may("read_audit"))
            return self.filter(area__startswith=user.area) if reads and user.area else self.none()

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year", "number"], name="letter_numbered_once_in_a_year"
            ),
            models.UniqueConstraint(
                fields=["area", "subject", "kind"], name="one_letter_of_a_kind_about_a_subject"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="letters_are_numbered_from_one"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.area} {self.year}/{self.number}"

    @property
    def written_number(self) -> str:
        """The number as it stands on the letter."""
        return self.facts["number"]
