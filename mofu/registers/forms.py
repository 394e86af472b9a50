"""Forms of the registers: Chinese, two columns, every related choice narrowed to what the user may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db import models
from django.db.models import Q

from mofu.accounts.context import because
from mofu.accounts.models import User
from mofu.accounts.models.industry import Dictionary
from mofu.accounts.scope import ScopedModel
from mofu.decimals import plain

if TYPE_CHECKING:
    from mofu.registers.register import Section

SHORT_LIST = 60  # choices up to this number are sent whole and work without JavaScript


class PickerSelect(forms.Select):
    """A select that sends only its chosen option; the rest comes by typing (``data-picker-url``).

    ``whole_when_short`` sends short lists whole, so that the form works without JavaScript. ``shared`` returns the
    rows chosen in this column anywhere in a set of forms, by key; without it each select reads its own.
    """

    whole_when_short = False
    shared: Callable[[], dict[int, models.Model]] | None = None

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """Return only the options now chosen, read with one query."""
        field_choices = self.choices
        rows = self._rows(field_choices.queryset, keys_among(value))
        self.choices = [("", ""), *((row.pk, field_choices.field.label_from_instance(row)) for row in rows)]
        try:
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = field_choices

    def _rows(self, queryset: models.QuerySet, chosen: list[int]) -> list[models.Model]:
        """Return a short list whole, of a long one the chosen rows."""
        if self.whole_when_short:
            some = list(queryset[: SHORT_LIST + 1])
            if len(some) <= SHORT_LIST:
                return some
        if self.shared and chosen:
            known = self.shared()
            return [known[key] for key in chosen if key in known]
        return list(queryset.filter(pk__in=chosen)) if chosen else []


def keys_among(values: Iterable[Any]) -> list[int]:
    """Return what can be a primary key among values a page sent."""
    return [int(text) for text in map(str, values) if text.isascii() and text.isdecimal() and len(text) < 19]


class GroupedChecks(forms.SelectMultiple):
    """Check boxes under headings; ``group`` returns the heading of a record."""

    template_name = "registers/widgets/grouped_checks.html"

    def __init__(self, group: Callable[[Any], str]) -> None:
        super().__init__()
        self.group = group

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add ``widget.groups``: heading, options, whether it starts open."""
        context = super().get_context(name, value, attrs)
        groups: dict[str, list[dict[str, Any]]] = {}
        for _, options, _ in context["widget"]["optgroups"]:
            for option in options:
                groups.setdefault(self.group(option["value"].instance), []).append(option)
        context["widget"]["groups"] = [
            (title, options, number == 0 or any(option["selected"] for option in options))
            for number, (title, options) in enumerate(groups.items())
        ]
        return context


def narrow(form: forms.BaseForm, user: User) -> None:
    """Restrict every related choice of ``form`` to what ``user`` may see; the one place that does so."""
    for name, field in form.fields.items():
        if not isinstance(field, forms.ModelChoiceField):
            continue
        model = field.queryset.model
        if issubclass(model, ScopedModel):
            field.queryset = offered(model, user, stored_keys(form, name))
            _offer_by_typing(field, model)
        elif issubclass(model, Dictionary):
            field.queryset = model.objects.filter(Q(active=True) | Q(pk__in=stored_keys(form, name)))


def offered(model: type[ScopedModel], user: User, stored: Iterable[Any]) -> models.QuerySet:
    """Return what ``user`` may choose: what is in sight, and what the record being changed holds (``stored`` keys).

    Without the latter, saving a record unchanged would lose what lies outside the user's sight.
    """
    kept = model.objects.unscoped("what the record in scope refers to already")
    return model.objects.visible_to(user) | kept.filter(pk__in=list(stored))


def stored_keys(form: forms.BaseForm, name: str) -> list[Any]:
    """Return the keys that the record being changed holds in a field; none for a new one."""
    instance = getattr(form, "instance", None)
    if instance is None or instance.pk is None:
        return []
    field = instance._meta.get_field(name)
    if field.many_to_many:
        return list(getattr(instance, name).values_list("pk", flat=True))
    return [key] if (key := getattr(instance, field.attname)) is not None else []


def _offer_by_typing(field: forms.ModelChoiceField, model: type[models.Model]) -> None:
    from mofu.registers.register import register_of  # noqa: PLC0415 - register declares forms

    register = register_of(model)
    if register is None or isinstance(field, forms.ModelMultipleChoiceField):
        return
    required = field.required
    field.widget = PickerSelect(attrs={"data-picker-url": register.url("pick")})
    field.widget.choices = field.choices
    field.widget.is_required = required


class DecimalInput(forms.NumberInput):
    """A box for a number, without the zeros that its column fills up with."""

    def format_value(self, value: Any) -> str | None:
        """Return what stands in the box; what was typed stays as it was typed."""
        return plain(value) if isinstance(value, Decimal) else super().format_value(value)


def tune(field: forms.Field) -> None:
    """Give dates a date picker, decimals no needless zeros and long texts a modest height."""
    if type(field) is forms.DateField:
        field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    elif type(field.widget) is forms.NumberInput and isinstance(field, forms.DecimalField):
        field.widget = DecimalInput(attrs=field.widget.attrs)
    elif isinstance(field.widget, forms.Textarea):
        field.widget.attrs.setdefault("rows", 3)


class UserForm(forms.ModelForm):
    """A form for one user: related choices are narrowed to what they may see, every box is one of ours."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        narrow(self, user)
        for field in self.fields.values():
            tune(field)


class RecordForm(UserForm):
    """The form of one record."""

    sections: ClassVar[Sequence[Section]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, PickerSelect):
                field.widget.whole_when_short = True
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(self._section(section) for section in self.sections))

    def _section(self, section: Section) -> Div:
        wide = (forms.Textarea, forms.CheckboxSelectMultiple, GroupedChecks)
        cells = [
            Div(
                name,
                css_class="col-12"
                if isinstance(self.fields[name].widget, wide)
                else "col-12 col-md-6 col-xl-4",
            )
            for name in section.fields
            if name in self.fields
        ]
        return Div(
            HTML(f'<h2 class="card-title mb-3">{section.title}</h2>'),
            Div(*cells, css_class="row"),
            css_class="form-section",
        )

    def _get_validation_exclusions(self) -> set[str]:
        """Validate constraints over the owner unit even where the form does not show it."""
        return super()._get_validation_exclusions() - {"org"}

    @classmethod
    def for_model(
        cls, model: type[models.Model], names: list[str], sections: Sequence[Section]
    ) -> type[Self]:
        """Return a subclass bound to ``model`` with just the named fields."""
        made = forms.modelform_factory(model, form=cls, fields=names)
        made.sections = sections
        return made


class WhyForm(RecordForm):
    """A form that asks why, once ``ask_why`` was called; the answer stands on the trail."""

    def ask_why(self, label: str, help_text: str) -> None:
        """Add the question; the form's ``clean`` decides when an answer is missing."""
        self.fields["why"] = forms.CharField(label=label, required=False, max_length=200, help_text=help_text)
        self.helper.layout.append(Div("why", css_class="form-section"))

    def save(self, commit: bool = True) -> Any:
        """Save; the entries on the trail give the reason."""
        with because(self.cleaned_data.get("why", "")):
            return super().save(commit)


class EndingForm(WhyForm):
    """A form that asks why when it puts a record out of use.

    ``ending`` is the field and the value that do so, ``ending_word`` what that is called (停用, 撤销).
    """

    ending: ClassVar[tuple[str, Any]]
    ending_word: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, value = self.ending
        if self.instance.pk and name in self.fields and getattr(self.instance, name) != value:
            self.ask_why(f"{self.ending_word}原因", f"{self.ending_word}时必填，写入操作留痕。")

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where it is missing."""
        data = super().clean() or self.cleaned_data
        name, value = self.ending
        if "why" in self.fields and data.get(name) == value and not data.get("why"):
            self.add_error("why", f"请填写{self.ending_word}原因。")
        return data


class ReturnForm(forms.Form):
    """Why a record is sent back."""

    reason = forms.CharField(
        label="退回原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="请写明需要补正什么，填报单位会看到这段话。",
    )
