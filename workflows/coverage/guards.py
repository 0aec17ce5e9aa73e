"""Why a move is not possible yet. Each guard returns a sentence with the shortfall, or None.

A guard gets the firm's facts and what was proposed with the move (`asked`: branch, branch_name,
resumes_on); it reads nothing else, so it can be judged on the facts of any day.
"""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.rulebook import rule


def always(facts, asked):
    return None


def mass_organisation_on_record(facts, asked):
    if facts.mass_organisations:
        return None
    return _("No mass organisation with an approval number is on record yet.")


def instructor_really_works_there(facts, asked):
    if facts.worked_in:
        return None
    if not facts.instructor:
        return _("No instructor is assigned to this firm yet.")
    days = rule("contact_floor", on=facts.on).value
    if facts.last_visit is None:
        return _("%(name)s is assigned, but no visit on site is on record yet.") % {
            "name": facts.instructor
        }
    return _("The last visit was on %(day)s; one within %(days)d days is needed.") % {
        "day": date_format(facts.last_visit),
        "days": days,
    }


def has_members_to_affiliate(facts, asked):
    if facts.full_members == 0:
        return _("No full member is on record; an affiliated branch needs at least 1.")
    return None


def enough_full_members(facts, asked):
    need = rule("standalone_branch_members", on=facts.on).value
    if facts.full_members >= need:
        return None
    return ngettext(
        "%(have)d full member; a branch of its own needs %(need)d.",
        "%(have)d full members; a branch of its own needs %(need)d.",
        facts.full_members,
    ) % {"have": facts.full_members, "need": need}


def too_few_for_a_branch(facts, asked):
    need = rule("standalone_branch_members", on=facts.on).value
    if facts.full_members >= need:
        return _("%(have)d full members: enough for the branch of its own.") % {
            "have": facts.full_members
        }
    if facts.full_members == 0:
        return _("No full member is left, so there is nobody to affiliate.")
    return None


def no_members_but_worked_in(facts, asked):
    if facts.full_members:
        return _members_left(facts)
    return instructor_really_works_there(facts, asked)


def only_mass_organisation_left(facts, asked):
    if facts.full_members:
        return _members_left(facts)
    if facts.worked_in:
        return _("%(name)s still works there: the firm is work covered.") % {"name": facts.instructor}
    return mass_organisation_on_record(facts, asked)


def nothing_left(facts, asked):
    if facts.full_members:
        return _members_left(facts)
    if facts.worked_in:
        return _("%(name)s still works there: the firm is work covered.") % {"name": facts.instructor}
    if facts.mass_organisations:
        return ngettext(
            "%(count)d mass organisation still stands.",
            "%(count)d mass organisations still stand.",
            facts.mass_organisations,
        ) % {"count": facts.mass_organisations}
    return None


def return_day_is_ahead(facts, asked):
    day = asked.get("resumes_on")
    if day is None:
        return _("Say when work is expected to begin again.")
    if day <= facts.on:
        return _("The day on which work begins again must be in the future.")
    return None


def _members_left(facts):
    return ngettext(
        "%(have)d full member is still on record.",
        "%(have)d full members are still on record.",
        facts.full_members,
    ) % {"have": facts.full_members}
