"""A line of text with suggestions: what is on record already may be chosen, anything be typed."""

from django import forms
from django.utils.html import format_html, format_html_join


class SuggestedInput(forms.TextInput):
    """`suggestions`: any iterable of texts, read when the page is shown."""

    suggestions = ()

    def render(self, name, value, attrs=None, renderer=None):
        known = f"{name}-known"
        line = super().render(name, value, {**(attrs or {}), "list": known}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((s,) for s in self.suggestions))
        return format_html('{}<datalist id="{}">{}</datalist>', line, known, options)
