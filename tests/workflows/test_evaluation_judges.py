"""Nobody judges their own work, also not after they came to another office."""

import pytest
from django.utils import timezone

from core.accounts.models import User
from core.accounts.verbs import Role
from core.errors import Refused
from tests import county as small
from tests.workflows.evaluating import answers, begun, step
from workflows.evaluations import acts


@pytest.fixture
def own(county):
    """The tea firm's evaluation; its instructor became a clerk of the same township meanwhile."""
    evaluation = begun(county, county.tea)
    User.objects.filter(pk=county.li_ming.pk).update(role=Role.TOWNSHIP, area=small.EAST)
    county.li_ming = User.objects.get(pk=county.li_ming.pk)
    return evaluation


def test_who_was_evaluated_keys_in_no_form_of_the_firm(county, own):
    task = step(own, "firm_form")
    task.owner, task.status, task.owner_permission = None, "NEW", "desk.follow_up"
    task.save()
    with pytest.raises(Refused, match="own work"):
        acts.hand_in(task, by=county.li_ming, at=timezone.now(), paper_on=county.today,
                     answers=answers(own, "firm"))  # fmt: skip


def test_who_was_evaluated_neither_judges_nor_settles(county, own):
    acts.hand_in(step(own, "firm_form"), by=county.wu_laoban, at=timezone.now(), answers={})
    task = step(own, "instructor_form")
    task.owner, task.status, task.owner_permission = None, "NEW", "desk.follow_up"
    task.save()
    acts.hand_in(task, by=county.wang_fang, at=timezone.now(), paper_on=county.today, answers={})
    opinion = {"at": timezone.now(), "opinion": "Splendid.", "proposed": "excellent"}
    with pytest.raises(Refused, match="own work"):
        acts.give_opinion(step(own, "supervisor_opinion"), by=county.li_ming, **opinion)
    acts.give_opinion(step(own, "supervisor_opinion"), by=county.wang_fang, **opinion)
    User.objects.filter(pk=county.li_ming.pk).update(role=Role.COUNTY, area=small.COUNTY)
    heard = {"at": timezone.now(), "text": "", "paper_on": county.today}
    with pytest.raises(Refused, match="own work"):
        acts.answer(step(own, "right_to_answer"), by=User.objects.get(pk=county.li_ming.pk), **heard)
    acts.answer(step(own, "right_to_answer"), by=county.wang_fang, **heard)
    with pytest.raises(Refused, match="own work"):
        acts.settle(step(own, "settle_grade"), by=User.objects.get(pk=county.li_ming.pk),
                    at=timezone.now(), grade="excellent")  # fmt: skip
    acts.settle(step(own, "settle_grade"), by=county.zhou_tao, at=timezone.now(), grade="excellent")
