"""What people say to one another beside a task, and tasks lent with a wish and given back with a
result."""

import re
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.people.who import sees, who_sees
from core.written import written
from workflows.engine import handing
from workflows.engine.act import acting
from workflows.engine.changes import changed
from workflows.engine.models import Task
from workflows.inbox.models import Comment
from workflows.notices.kinds import Kind
from workflows.notices.tell import tell

AT = re.compile(r"(?<![A-Za-z0-9_.])[@＠]")  # not the one in an address; Han may stand before it


def comment(task: Task, *, by, text: str, at: datetime) -> Comment:
    """Write something beside a task. Who has the task, who wrote before and who is called by
    @name is told, as far as they see the firm. Raises Refused."""
    if not by.may("read_record") or not Task.objects.visible_to(by).filter(pk=task.pk).exists():
        raise Refused(Refused.NOT_YOURS, _("You may not write beside this task."))
    text = written(text, _("Write something first."))
    with acting():
        called = mentioned(task, text)
        made = Comment.objects.create(process_id=task.process_id, task=task, by=by, at=at, text=text)
        made.mentioned.set(called)
        changed(task, "commented")
        event = record("task.commented", by=by, firm=task.firm, task=task.step)
        before = Comment.objects.filter(process_id=task.process_id).values_list("by_id", flat=True)
        people = set(before) | {task.owner_id}
        reads = sees(task.firm, verb="read_record")
        calls = Q(pk__in=[person.pk for person in called])
        tell(event, among=reads & calls, kind=Kind.MENTION)
        tell(event, among=reads & Q(pk__in=people - {None}), but=reads & calls)
        return made


def mentioned(task: Task, text: str) -> list:
    """The people called by @name in a text: only those who read this firm's record can be called;
    of two with the same name both. Raises Refused for a name that is none of theirs."""
    starts = [at.end() for at in AT.finditer(text)]
    people = who_sees(task.firm, verb="read_record") if starts else ()
    by_length = sorted(people, key=lambda person: -len(person.name))
    called = {}
    for start in starts:
        rest = text[start:]
        found = next((each.name for each in by_length if rest.startswith(each.name)), None)
        if found is None:
            name = re.split(r"[\s,，.。;；:：!！?？]", rest, maxsplit=1)[0][:20]
            raise Refused(
                Refused.BAD_INPUT,
                _("Nobody called “%(name)s” reads about this firm. Check the name after @.")
                % {"name": name},
            )
        called |= {person.pk: person for person in by_length if person.name == found}
    return list(called.values())


def lend(task: Task, *, by, to, wish: str, at: datetime) -> Task:
    """Lend a task to a helper, with what one would like to have done. Raises Refused."""
    with acting():
        task = handing.delegate(task, by=by, to=to, wish=wish)
        _say(task, by=by, text=wish, at=at, to=to, wish=True)
        return task


def report(task: Task, *, by, text: str, at: datetime) -> Task:
    """Give a lent task back to who lent it, with what came of it. Raises Refused."""
    written(text, _("Say in a sentence what came of it."))
    with acting():
        task = handing.give_back(task, by=by)
        _say(task, by=by, text=text, at=at, to=task.owner, result=True)
        return task


def _say(task: Task, *, by, text: str, at: datetime, to, **what: bool) -> None:
    """The wish or the result in the thread; who gets the task is told, whoever they are."""
    Comment.objects.create(
        process_id=task.process_id, task_id=task.pk, by=by, at=at, text=text.strip(), **what
    )
    event = record("task.commented", by=by, firm=task.firm, task=task.step)
    tell(event, people=[to.pk])
