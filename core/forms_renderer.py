"""How forms appear: our templates, and widgets that a phone knows how to fill."""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting


class DayInput(forms.DateInput):
    """The browser's own calendar. It takes and gives days as 2026-11-03 in every language."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class DeskField(BoundField):
    """A field on screen. What is wrong is said by the server, in our words, all at once."""

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        widget = widget or self.field.widget
        if type(widget) is forms.DateInput:
            widget = DayInput(widget.attrs)
        return super().as_widget(widget, attrs, only_initial)

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        plain = not isinstance(
            widget,
            forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple | forms.FileInput,
        )
        if attrs.pop("required", False) and plain:
            attrs["aria-required"] = "true"
        if type(widget) is forms.Textarea and widget.attrs.get("rows") == "10":
            attrs["rows"] = "5"
        return attrs


class DeskRenderer(TemplatesSetting):
    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = DeskField
