"""What people add to tasks and lists: comments, and filters that they keep."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.written import TEXT_AT_MOST
from workflows.engine.models import Process, Task, not_kept_from
from workflows.engine.queries import hands

QUERY_AT_MOST = 300  # characters


class Comment(models.Model):
    """What somebody wrote beside a task. It stays with the process, for every later step."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="comments")
    task = models.ForeignKey(Task, models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(_("comment"), max_length=TEXT_AT_MOST)
    result = models.BooleanField(default=False)  # what came of a task that was delegated
    wish = models.BooleanField(default=False, db_default=False)  # what it was delegated for
    mentioned = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)

    class CommentQuerySet(models.QuerySet):
        def visible_to(self, user):
            """For those who read the record: a firm's contact reads none of them. What is said beside
            an evaluation or a recall is for those who may read that."""
            if not (user.is_authenticated and user.may("read_record")):
                return self.none()
            seen = Process.objects.visible_to(user).values("pk")
            return self.filter(not_kept_from(user), process__in=seen)

        def wished_of(self, user):
            """What helpers were asked for whose tasks are in this person's hands now: read by them
            even where they read no other comment."""
            lent = Q(task__owner__in=hands(user), task__delegated_by__isnull=False)
            return self.filter(lent, wish=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.by_id}"


class SavedFilter(models.Model):
    """A list with its filters under a name. Shared, it is there for the whole office: the same
    role, area and line."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=40)
    which = models.CharField(max_length=16)  # the list: mine, queue, …
    query = models.CharField(max_length=QUERY_AT_MOST)  # the address's parameters
    shared = models.BooleanField(_("for the whole office"), default=False)
    role = models.CharField(max_length=16)
    area = models.CharField(max_length=12)
    line = models.ForeignKey("core.LineDepartment", models.CASCADE, null=True, related_name="+")

    class SavedFilterQuerySet(models.QuerySet):
        def visible_to(self, user):
            if not user.is_authenticated:
                return self.none()
            office = Q(shared=True, role=user.role, area=user.area, line=user.line_id)
            if user.line_id is None:
                office = Q(shared=True, role=user.role, area=user.area, line__isnull=True)
            return self.filter(office | Q(owner=user))

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_saved_filter_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class BulkRun(models.Model):
    """One act on many tasks, and what came of each. The key is the form's, so that it is run once;
    rows that were not reached when a run was cut off are done when it is sent again."""

    key = models.UUIDField(primary_key=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    act = models.CharField(max_length=16)
    given = models.JSONField(default=dict)  # what the act needs besides the task
    tasks = models.JSONField(default=list)  # their numbers, in order
    results = models.JSONField(default=list)  # for each task reached: [number, done?, sentence]

    class BulkRunQuerySet(models.QuerySet):
        def visible_to(self, user):
            return self.filter(by=user) if user.is_authenticated else self.none()

    objects = BulkRunQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.act} × {len(self.tasks)}"

    @property
    def done(self) -> int:
        return sum(1 for _task, done, _sentence in self.results if done)
