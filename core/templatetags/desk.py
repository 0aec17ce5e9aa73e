"""What every page's frame needs from Python: the navigation, and a block shown a second time."""

from django import template
from django.conf import settings
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe

from core.accounts.absence import Leave, stood_in_for
from core.desk.navigation import entries_for, tabs_for

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context):
    """The navigation entries of the signed-in person."""
    request = context.get("request")
    return entries_for(context["user"], request.path if request else "")


@register.inclusion_tag("parts/tabs.html", takes_context=True)
def tabs(context, section):
    """The tabs of a section; nothing where a person has only one of them."""
    found = tabs_for(context["user"], section, context["request"].path)
    return {"tabs": found if len(found) > 1 else []}


@register.simple_tag(takes_context=True)
def again(context, name):
    """A block's text a second time, without markup: the h1 is also the window's title."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    # The block has escaped its own variables; taking the tags out leaves text that is still safe.
    return mark_safe(" ".join(strip_tags(block.render(context)).split())) if block else ""


@register.simple_tag(takes_context=True)
def standing_in(context):
    """The leaves during which the signed-in person stands in for somebody today. No statement for
    those who do not."""
    people = stood_in_for(context["user"])
    if not people:
        return []
    leaves = Leave.objects.on(timezone.localdate()).filter(person__in=people)
    return list(leaves.select_related("person"))


@register.simple_tag
def source_url():
    """Where the source of this installation is offered, as its licence asks."""
    return settings.SOURCE_URL


@register.simple_tag(takes_context=True)
def here_with(context, **changes):
    """This page's address with some of its parameters changed; an empty value takes one out."""
    parameters = context["request"].GET.copy()
    for key, value in changes.items():
        if value in ("", None):
            parameters.pop(key, None)
        else:
            parameters[key] = value
    return f"?{parameters.urlencode()}"
