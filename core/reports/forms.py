"""What is asked before a table is made, reported, or given other headings."""

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area
from core.accounts.verbs import Role
from core.figures.forms import EARLIEST
from core.forms import KeyedForm
from core.reports.asked import PDF, XLSX, Asked, scope_of
from core.reports.counts import quarter_before
from core.reports.layouts import FIELDS, ReportLayout, arranged
from core.reports.tables import Report

LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
FORMS = [(XLSX, "Excel"), (PDF, "PDF")]
HEADING_AT_MOST = 60


def places_of(user) -> list[tuple[str, str]]:
    """The areas that a person's table may be narrowed to; one's own comes first, as ""."""
    own = [("", _("everything within my office's reach"))]
    if user.role == Role.LINE or not user.area:
        return own
    kinds = (Area.Kind.TOWNSHIP, Area.Kind.PARK)
    below = Area.objects.filter(code__startswith=user.area, kind__in=kinds).exclude(code=user.area)
    return own + list(below.values_list("code", "name"))


class AskForm(KeyedForm):
    """Day and place of a table, and for the ledger the filters that came from the list of firms."""

    on = forms.DateField(label=_("As of"), required=False)
    place = forms.ChoiceField(label=pgettext_lazy("of a table", "Firms of"), required=False)
    filters = forms.CharField(required=False, widget=forms.HiddenInput, max_length=1000)

    def __init__(self, *args, user, today, report: str, **given):
        super().__init__(*args, **given)
        self.user, self.today, self.report = user, today, report
        self.usual = quarter_before(today) if report == Report.QUARTERLY else today
        self.fields["place"].choices = places_of(user)
        self.fields["key"].required = False
        if report != Report.LEDGER:
            del self.fields["filters"]

    def clean_on(self):
        day = self.cleaned_data["on"] or self.usual
        if not EARLIEST <= day <= self.today:
            raise forms.ValidationError(gettext("Choose a day between 1978 and today."))
        return day

    def clean(self):
        said = super().clean()
        if said.get("filters") and said.get("on") != self.today:
            self.add_error("on", gettext("A list by filters is made of today only."))
        return said

    def asked(self) -> Asked:
        """What is asked for; of a form that cannot be read, the whole of today."""
        said = self.cleaned_data if self.is_bound and self.is_valid() else {}
        area, line = scope_of(self.user, said.get("place", ""))
        return Asked(
            report=self.report, on=said.get("on") or self.usual, today=self.today, area=area,
            line=line, filters=said.get("filters", ""), form=said.get("form") or XLSX,
            language=said.get("language") or "zh-hans",
        )  # fmt: skip


class MakeForm(AskForm):
    form = forms.ChoiceField(choices=FORMS)
    language = forms.ChoiceField(label=_("Language of the table"), choices=LANGUAGES, required=False)

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        self.fields["key"].required = True


class ReportForm(MakeForm):
    """To whom a table is reported; and whether they get what another superior got."""

    which = forms.ChoiceField(label=_("Which figures"), widget=forms.RadioSelect)
    whom = forms.CharField(label=_("Reported to"), max_length=80, help_text=_("The office that asks."))
    reason = forms.CharField(label=_("For what"), max_length=200)
    field_order = ("which", "whom", "reason", "form", "language", "on", "place", "filters", "key")

    def __init__(self, *args, copies=(), **given):
        super().__init__(*args, **given)
        self.fields.pop("filters", None)
        self.fields["form"].label = _("Kept as")
        for name in ("on", "place"):
            self.fields[name].widget = forms.HiddenInput()
        same = [
            (str(copy.pk), gettext("as reported to %(whom)s") % {"whom": copy.whom}) for copy in copies
        ]
        self.fields["which"].choices = [*same, ("anew", gettext("as the ledger knows that day now"))]
        self.initial.setdefault("which", same[0][0] if same else "anew")
        if not same:
            # Nothing to choose: there is no copy that would be the same.
            self.fields["which"].widget, self.fields["which"].required = forms.HiddenInput(), False


class LayoutForm(KeyedForm):
    """The headings of an office: words, and for each column its heading, its place, whether shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=80, required=False)
    unit_line = forms.CharField(
        label=_("Line above the table"), max_length=80, required=False,
        help_text=_("Who reports. Empty words are those of the product."),
    )  # fmt: skip
    notes = forms.CharField(
        label=_("Notes below the table"), max_length=1000, required=False, widget=forms.Textarea
    )
    signs = forms.CharField(
        label=_("Sign-off lines"), max_length=400, required=False, widget=forms.Textarea,
        help_text=_("One on each line."),
    )  # fmt: skip

    def __init__(self, *args, report: str, own, kept, given_words: dict, **given):
        """`own`, `kept`: the copies of the office and the one in force, if any; `given_words`: what
        stands where nothing is typed."""
        super().__init__(*args, **given)
        self.columns = arranged(report, kept.columns if kept else [])
        for name in FIELDS:
            self.initial.setdefault(name, getattr(kept, name, ""))
        self.initial.setdefault("version", own.version if own else 0)
        for name, said in given_words.items():
            self.fields[name].widget.attrs["placeholder"] = said
        for place, (column, shown) in enumerate(self.columns, start=1):
            heading = _("Heading of “%(name)s”") % {"name": column.heading}
            self.fields[f"heading_{column.code}"] = forms.CharField(
                label=heading, max_length=HEADING_AT_MOST, required=False, initial=column.heading
            )
            self.fields[f"place_{column.code}"] = forms.IntegerField(
                label=_("Position"), min_value=1, max_value=99, initial=place
            )
            self.fields[f"shown_{column.code}"] = forms.BooleanField(
                label=_("Shown"), required=False, initial=shown
            )

    def rows(self):
        """The three fields of each column."""
        parts = ("heading", "place", "shown")
        for column, _shown in self.columns:
            yield [self[f"{part}_{column.code}"] for part in parts]

    def words(self):
        return [self[name] for name in FIELDS]

    def wishes(self) -> dict:
        said = self.cleaned_data
        codes = sorted((c.code for c, _shown in self.columns), key=lambda code: said[f"place_{code}"])
        columns = [[code, said[f"heading_{code}"], said[f"shown_{code}"]] for code in codes]
        return {name: said[name] for name in FIELDS} | {
            "columns": columns, "version": said["version"] or 0
        }  # fmt: skip

    def typed(self, report: str) -> ReportLayout:
        """What was typed, as a copy that is not kept: for the preview."""
        said = self.wishes()
        said.pop("version")
        return ReportLayout(report=report, **said)
