"""The register of targets: the city's, their breakdown to the boards, and what boards set for themselves."""

from __future__ import annotations

from typing import Any

from actions.models import Target
from actions.registers.indicator_choice import indicator_name, indicator_select, known_indicator
from mofu.accounts.models import User
from mofu.registers.columns import Column
from mofu.registers.forms import RecordForm
from mofu.registers.register import Register, Section, register


def indicator_label(target: Target) -> str:
    """Return the Chinese name of the indicator a target is for."""
    return indicator_name(target.indicator)


ORDERED = ("indicator", "org", "year", "period", "comparator", "unit")  # the city's order, beside its value


class TargetForm(RecordForm):
    """The form of a target; only the city breaks targets down, nobody goes below the share broken down to them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "indicator" in self.fields:
            self.fields["indicator"].widget = indicator_select()
        if not self.user.is_city:
            kept = ORDERED if self.instance.assigned is not None else ()
            for name in {"assigned", *kept} & set(self.fields):
                self.fields[name].disabled = True

    def clean_indicator(self) -> str:
        """Refuse codes that nothing measures."""
        return known_indicator(self.cleaned_data["indicator"])

    def clean(self) -> dict[str, Any]:
        """What the city sets for a unit below it is that unit's share, unless the city says otherwise."""
        data = super().clean() or self.cleaned_data
        org = data.get("org")
        if self.user.is_city and org and org.parent_id and data.get("assigned") is None:
            data["assigned"] = data.get("value")
        return data


@register
class TargetRegister(Register):
    """目标台账."""

    slug = "targets"
    model = Target
    group = "基础数据"
    order = 10
    icon = "target"
    intro = "市级目标可分解到各板块；各单位可以设置更高的目标，不能低于市级分解值。"
    form_base = TargetForm
    columns = (
        Column("indicator", label="指标", value=indicator_label, width=26), "org", "year", "comparator", "value", "unit",
        "period", "assigned", "source", "note",
    )  # fmt: skip
    default_columns = ("indicator", "org", "year", "comparator", "value", "unit", "period", "source")
    ordering = ("indicator", "org__path", "year")
    sections = (
        Section("目标", ("indicator", "org", "year", "period")),
        Section("数值", ("comparator", "value", "unit", "assigned")),
        Section("依据", ("source", "note")),
    )
    batch_fields = ("source", "note")
    filter_fields = ("period", "comparator")

    def refusal(self, obj: Target, user: User) -> str:
        """A unit cannot drop what the city broke down to it, nor a target of its superior."""
        if not user.is_city and obj.assigned is not None:
            return "这是市级分解的目标，不能删除；如需调整请联系市劳模协会。"
        return ""
