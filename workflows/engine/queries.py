"""Who may do what with which tasks, in SQL: the lists of the inbox, and the row that an act holds."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from viewflow.workflow.managers import TaskQuerySet as ViewflowTaskQuerySet
from viewflow.workflow.status import STATUS

from core.accounts.absence import stood_in_for
from core.accounts.verbs import BY_FIRM, VERBS, Role
from core.audit.models import ChainHead
from core.ledger.scope import own_reach, reach, reaches, reaches_alone
from core.people.models import Assignment
from core.prepared import Prepared

OPEN_TASK = (STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED)


def related_path(process_class) -> str:
    """From a process to the table that its flow adds: "transitionrequest", "" for none."""
    base = process_class._meta.get_parent_list()
    link = process_class._meta.get_ancestor_link(base[-1]) if base else None
    return link.remote_field.get_accessor_name() if link else ""


def chain_head(firm: str = "firm_id") -> dict:
    """Where the chain of a row's firm ends: see `head_was`."""
    chain = Concat(Value("firm:"), Cast(firm, models.CharField()))
    heads = ChainHead.objects.filter(chain=OuterRef("_chain"))
    return {
        "_chain": chain,
        "_place": Subquery(heads.values("place")),
        "_digest": Subquery(heads.values("digest")),
    }


def place_of(person) -> Q:
    """A person's place by one column, where there is one, so that an index finds it; else as for
    every list."""
    if person.role == Role.LINE:
        return Q(line=person.line_id)
    if person.role not in BY_FIRM and len(person.area) in (6, 9):
        return Q(county=person.area) if len(person.area) == 6 else Q(town=person.area)
    return own_reach(person)


def may_take(user) -> Q:
    """The condition of the queue: what is listed and what is allowed are the same rows. Who
    stands in for somebody may take what that person may."""
    rows = own_may_take(user)
    for absent in stood_in_for(user):
        rows |= own_may_take(absent) & ~written_by(user)
    return rows


def own_may_take(user) -> Q:
    """What a person may take by their own powers."""
    verbs = [f"desk.{verb}" for verb in VERBS.get(user.role, ())]
    may = Q(owner_permission__in=verbs)
    if user.may("take_escalated"):
        may |= Q(escalated_at__isnull=False)
    free = Q(flow_task_type="HUMAN", status=STATUS.NEW, owner__isnull=True)
    return free & may & own_reach(user) & ~written_by(user)


def has_power(user, task) -> bool:
    """The same as `own_may_take` for one task in hand: whether somebody may carry out a step that
    lies in a queue, by their own verbs and reach, and not as one of its authors."""
    verb = (task.owner_permission or "").removeprefix("desk.")
    may = user.may(verb) or (task.escalated_at is not None and user.may("take_escalated"))
    near = {"area": task.area, "line_id": task.line_id, "firm_id": task.firm_id}
    return may and user.pk not in task.process.authors and reaches_alone(user, **near)


def written_by(user) -> Q:
    """Nobody decides on what they wrote."""
    wrote = Q(process__wrote__contains=f",{user.pk},")
    return Q(process__opened_by=user) | Q(process__begun_by=user) | wrote


def hands(user) -> list[int]:
    """The ids of a person and of those for whom they stand in today."""
    return [user.pk, *(absent.pk for absent in stood_in_for(user))]


def _prepared(what: str, build) -> Prepared:
    return _PREPARED.setdefault(what, Prepared(build, pk=int))


_PREPARED: dict[str, Prepared] = {}  # by what they ask; put together when they are first asked


class TaskQuerySet(ViewflowTaskQuerySet):
    """Who may see a task, take it, has it. All of it in SQL."""

    def human(self):
        return self.filter(flow_task_type="HUMAN")

    def open(self):
        return self.filter(status__in=OPEN_TASK)

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        theirs = Q(owner__in=hands(user)) | Q(process__opened_by=user) | Q(delegated_by=user)
        return self.human().filter(theirs | reach(user) if user.may("read_record") else theirs)

    def held(self, task):
        """The row of a task as it is now, with its firm and its process, all locked in the house's
        order, and where the firm's chain of events ends. One statement. Raises DoesNotExist."""
        more = related_path(task.flow_task.flow_class.process_class)
        path = f"process__{more}" if more else "process"
        rows = self.model.objects.all()
        ask = _prepared(f"held {path}", lambda pk: rows._held(path).filter(pk=pk))
        if not (rows := ask(pk=task.pk)):
            raise self.model.DoesNotExist
        return rows[0]

    def _held(self, path: str):
        locked = ("firm", "process", "self", path) if path != "process" else ("firm", path, "self")
        rows = self.select_related("firm", path).filter(**{f"{path}__isnull": False})
        return rows.annotate(**chain_head()).select_for_update(of=locked, no_key=True)

    def seen(self, pk: int, user):
        """The task of this number, with what its page shows of it, if the person may see it: the same
        as `visible_to` for one row. Raises DoesNotExist."""
        rows = self.model.objects.human().select_related(
            "firm", "owner", "process__opened_by", "delegated_by", "in_place_of"
        )
        fits = pk <= models.BigIntegerField.MAX_BIGINT
        for task in _prepared("seen", lambda pk: rows.filter(pk=pk))(pk=pk) if fits else ():
            mine = task.owner_id in hands(user) or task.delegated_by_id == user.pk
            near = {"area": task.area, "line_id": task.line_id, "firm_id": task.firm_id}
            if mine or task.process.opened_by_id == user.pk:
                return task
            if user.may("read_record") and reaches(user, **near):
                return task
        raise self.model.DoesNotExist

    def mine(self, user):
        """Open tasks in the person's own hands, and in those of people for whom they stand in."""
        return self.human().open().filter(owner__in=hands(user))

    def queue(self, user):
        """Open tasks that nobody has taken and this person may take."""
        return self.filter(may_take(user))

    def done_by(self, user):
        """Finished steps: by the person, or by somebody who stood in for them."""
        mine = Q(owner=user) | Q(in_place_of=user)
        return self.human().filter(mine, status=STATUS.DONE)

    def orphaned(self, user):
        """Open tasks within reach whose holder can no longer carry them out: see `stuck`."""
        return self.human().open().filter(reach(user), left_behind=True)

    def stuck(self):
        """Open tasks that wait for somebody who can no longer carry them out: the account is
        closed, or the proposer has to correct and no longer guides the firm. To look for them
        among all tasks takes long, so it is noted on the task: see `note_left_behind`."""
        guides = Assignment.objects.current().filter(
            firm=OuterRef("firm"), instructor__user=OuterRef("owner")
        )
        lost = Q(owner__role=Role.INSTRUCTOR, process__opened_by=F("owner")) & ~Exists(guides)
        return self.human().open().filter(Q(owner__is_active=False) | lost)

    def overdue(self, now):
        return self.open().filter(due_at__lt=now)


def task_indexes():
    """Each list of the inbox finds its first page with one of these, in either order."""
    human = Q(flow_task_type="HUMAN")
    lists = {
        "mine": (["owner"], human & Q(status__in=OPEN_TASK, owner__isnull=False)),
        "town": (["town", "owner_permission"], human & Q(status=STATUS.NEW)),
        "county": (["county", "owner_permission"], human & Q(status=STATUS.NEW)),
        "line": (["line", "owner_permission"], human & Q(status=STATUS.NEW, line__isnull=False)),
        "of_county": (["county"], human & Q(status__in=OPEN_TASK)),
        "of_town": (["town"], human & Q(status__in=OPEN_TASK)),
        "of_line": (["line"], human & Q(status__in=OPEN_TASK, line__isnull=False)),
        "late": (["county"], human & Q(status=STATUS.NEW, escalated_at__isnull=False)),
    }
    for name, (fields, condition) in lists.items():
        for order, word in (("due_at", "due"), ("created", "age")):
            if name.startswith("of_") and word == "age":
                continue  # what is late is asked by due day only
            yield models.Index(
                fields=[*fields, order, "id"], condition=condition, name=f"task_{name}_{word}"
            )
    yield models.Index(
        fields=["owner", "-finished"], condition=human & Q(status=STATUS.DONE), name="task_done"
    )
    yield models.Index(fields=["due_at"], condition=human & Q(status__in=OPEN_TASK), name="task_due")
    yield models.Index(
        fields=["county", "due_at", "id"], condition=Q(left_behind=True), name="task_left_behind"
    )
    yield models.Index(
        fields=["firm"], condition=human & Q(status__in=OPEN_TASK), name="task_open_of_firm"
    )
