"""The frame of every page: who is led where, and forms that say what is wrong."""

from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.utils.translation import override

from core.accounts.models import User
from core.accounts.verbs import Role
from core.desk.navigation import entries_for


def led(role, path=""):
    return [entry["url_name"] for entry in entries_for(User(name="Wang Fang", role=role), path)]


def test_each_role_is_led_where_it_may_go():
    assert "audit:trail" not in led(Role.INSTRUCTOR)
    assert "people:instructors" not in led(Role.INSTRUCTOR)
    assert "audit:trail" in led(Role.COUNTY)
    assert "figures:coverage" not in led(Role.CONTACT)
    assert "people_list" in led(Role.ADMINISTRATOR)
    assert not any("people_list" in led(role) for role in Role if role != Role.ADMINISTRATOR)


def test_the_days_first_page_comes_first():
    for role in (Role.INSTRUCTOR, Role.TOWNSHIP, Role.LINE, Role.COUNTY, Role.CONTACT):
        assert led(role)[:2] == ["morning:today", "inbox:mine"]
    assert led(Role.AUDITOR)[0] == "audit:trail"
    assert led(Role.ADMINISTRATOR)[0] == "people_list"
    assert "morning:today" not in led(Role.AUDITOR) + led(Role.ADMINISTRATOR)


def test_the_page_now_shown_is_marked():
    here = [e["url_name"] for e in entries_for(User(role=Role.COUNTY), "/tasks/12/") if e["here"]]
    assert here == ["inbox:mine"]
    for tab in ("/credentials/7/", "/assignments/", "/instructors/"):
        marked = [e["url_name"] for e in entries_for(User(role=Role.COUNTY), tab) if e["here"]]
        assert marked == ["people:instructors"], tab
    for page in ("/figures/", "/reports/quarterly/"):
        marked = [e["url_name"] for e in entries_for(User(role=Role.COUNTY), page) if e["here"]]
        assert marked == ["figures:coverage"], page


def test_the_frame_stands_without_user_session_or_database():
    text = render_to_string("base.html", {})
    assert "<h1>" in text
    assert "<nav" not in text


def test_a_title_is_shown_twice_and_escaped_once():
    page = '{% extends "base.html" %}{% block title %}<b>{{ name }}</b>{% endblock %}'
    text = engines["django"].from_string(page).render({"name": "Tea & <Sons>"})
    assert "<title>Tea &amp; &lt;Sons&gt; ·" in text
    assert "<h1><b>Tea &amp; &lt;Sons&gt;</b></h1>" in text


class Sample(forms.Form):
    name = forms.CharField(help_text="As on the licence.")
    on = forms.DateField(initial="2026-11-03")
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    note = forms.CharField(widget=forms.Textarea, required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_errors_are_summed_up_and_lead_to_their_fields():
    with override("en"):
        form = Sample({"note": "keep me"})
        form.add_error(None, "Somebody was faster.")
        text = str(form)
    summary = text[: text.index('<div class="field')]
    assert "Somebody was faster." in summary
    assert all(f'href="#{target}"' in summary for target in ("id_name", "id_on", "id_kind_0"))
    assert 'aria-describedby="id_name_helptext id_name_error"' in text
    assert 'id="id_name_error"' in text
    assert 'id="id_kind_0"' in text
    assert "keep me" in text


def test_a_day_is_asked_with_the_browsers_calendar():
    for language in ("en", "zh-hans"):
        with override(language):
            text = str(Sample())
            assert 'type="date" name="on" value="2026-11-03"' in text


def test_required_is_said_in_words_and_checked_by_the_server():
    with override("en"):
        text = str(Sample())
    assert text.count('class="required"') == 3
    assert " required" not in text.replace('class="required">required', "")
    assert 'aria-required="true"' in text
