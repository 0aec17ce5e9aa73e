from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core.accounts.verbs import VERBS, Role


class Area(models.Model):
    """A division (GB/T 2260 and its town level). Its code is a prefix of all codes below it."""

    class Kind(models.TextChoices):
        COUNTY = "county", _("County")
        TOWNSHIP = "township", _("Township")
        PARK = "park", _("Industrial park")
        VILLAGE = "village", _("Village")

    code = models.CharField(_("division code"), max_length=12, primary_key=True)
    name = models.CharField(_("name"), max_length=64)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def county(self) -> str:
        """The six digits of the county this area lies in."""
        return self.code[:6]


class LineDepartment(models.Model):
    """A trade department or association that manages firms of its line (归口管理)."""

    county = models.CharField(_("county"), max_length=6, db_index=True)
    name = models.CharField(_("name"), max_length=64)
    association = models.BooleanField(_("is an association"), default=False)

    class Meta:
        verbose_name = _("line department")
        verbose_name_plural = _("line departments")
        ordering = ["county", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "name"], name="line_department_named_once_in_a_county"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SendingUnit(models.Model):
    """A bureau, school or township office that sends its people to firms (派出单位)."""

    county = models.CharField(_("county"), max_length=6)
    name = models.CharField(_("name"), max_length=128)

    class SendingUnitQuerySet(models.QuerySet):
        def visible_to(self, user):
            """The units of one's county; who answers for a unit sees that one."""
            if not (user.is_authenticated and user.may("see")) or user.role == Role.CONTACT:
                return self.none()
            if user.role == Role.UNIT:
                return self.filter(pk=user.unit_id)
            return self.filter(county__startswith=user.county) if user.county else self.none()

    objects = SendingUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("sending unit")
        verbose_name_plural = _("sending units")
        ordering = ["county", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "name"], name="sending_unit_named_once_in_a_county"
            )
        ]

    def __str__(self) -> str:
        return self.name


class People(UserManager):
    """Accounts. Names are one field; there is no first or last name."""

    def create_superuser(self, username, email=None, password=None, **extra):
        extra.setdefault("role", Role.ADMINISTRATOR)
        return super().create_superuser(username, email, password, **extra)

    def visible_to(self, user):
        """Accounts within the user's area; everybody sees at least themselves."""
        if not user.is_authenticated:
            return self.none()
        if user.may("manage_users") or user.may("reassign"):
            return self.filter(area__startswith=user.area) | self.filter(pk=user.pk)
        return self.filter(pk=user.pk)


class User(AbstractBaseUser, PermissionsMixin):
    username = models.CharField(_("user name"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=64)
    role = models.CharField(_("role"), max_length=16, choices=Role)
    area = models.CharField(
        _("area"),
        max_length=12,
        blank=True,
        help_text=_("Division code: this person works in all areas that begin with it."),
    )
    line = models.ForeignKey(
        LineDepartment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("line department"),
    )
    unit = models.ForeignKey(
        SendingUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("sending unit"),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    is_staff = models.BooleanField(_("may open the administration pages"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(_("has a temporary password"), default=False)
    stands_in_until = models.DateField(null=True, editable=False)  # see leave.stood_in_for
    date_joined = models.DateTimeField(_("opened"), auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = People()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role=Role.LINE) | models.Q(line__isnull=False),
                name="line_supervisor_names_the_line",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.UNIT) | models.Q(unit__isnull=False),
                name="unit_account_names_the_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def place(self) -> str:
        """The name of the area; its code where no such area is on record."""
        known = Area.objects.filter(code=self.area).values_list("name", flat=True).first()
        return known or self.area

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def county(self) -> str:
        return self.area[:6]

    def _get_session_auth_hash(self, secret=None):
        """As Django's, and a session also ends when its person's role, area or line changes."""
        place = f"{self.password}|{self.role}|{self.area}|{self.line_id}"
        place += f"|{self.unit_id}" if self.unit_id else ""
        return salted_hmac("core.User.session", place, secret=secret, algorithm="sha256").hexdigest()

    def may(self, verb: str) -> bool:
        """Whether the role has the verb. Which rows is another question: see `visible_to`."""
        return self.is_active and verb in VERBS.get(self.role, ())
