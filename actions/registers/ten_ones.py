"""The register of the ten ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from actions.models import TenOne, TenOneItem
from actions.registers.ten_one_sheet import WorkerTenOnes
from mofu.registers.columns import Column
from mofu.registers.forms import RecordForm
from mofu.registers.register import Register, Section, register


class TenOneForm(RecordForm):
    """The form of one participation; the unit is the worker's and is never typed."""

    def clean(self) -> dict[str, Any]:
        """Take over the unit of the chosen worker."""
        data = super().clean() or self.cleaned_data
        worker = data.get("worker")
        if worker is not None and worker.pk != self.instance.worker_id:
            self.instance.org_id = worker.org_id
        return data

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"org"}


def _plain(name: str, label: str, value: Callable[[TenOne], Any], width: int, *needs: str) -> Column:
    """Return a column that does not sort: among five million rows every order needs an index of its own."""
    return Column(name, label=label, value=value, width=width, needs=needs)


@register
class TenOneRegister(Register):
    """十个一参与台账, newest entries first."""

    slug = "ten-ones"
    model = TenOne
    group = "五大行动"
    order = 100
    icon = "list-check"
    form_base = TenOneForm
    columns = (
        _plain("worker_name", "职工", lambda row: row.worker.name, 12, "worker"),
        _plain("org_name", "所属单位", lambda row: str(row.org), 24, "org"),
        _plain("item_name", "项目", lambda row: row.item.name, 20, "item"),
        _plain("programme_year", "年度", lambda row: row.year, 8),
        _plain("day", "完成日期", lambda row: row.done_on, 12),
        _plain("leader_name", "引领劳模", lambda row: row.led_by.name if row.led_by_id else "", 12, "led_by"),
        _plain("way_of_leading", "引领方式", lambda row: row.get_lead_kind_display(), 18),
        _plain("remark", "备注", lambda row: row.note, 20),
    )
    default_columns = (
        "worker_name", "org_name", "item_name", "programme_year", "day", "leader_name", "way_of_leading",
    )  # fmt: skip
    ordering = ("-id",)
    sections = (
        Section("参与", ("worker", "item", "year", "done_on")),
        Section("劳模引领", ("led_by", "lead_kind", "note")),
    )
    batch_fields = ("item", "year", "done_on", "led_by", "lead_kind")
    filter_fields = ("item", "lead_kind")

    def shapes(self) -> Sequence[WorkerTenOnes]:
        """One row per worker, ten columns."""
        items = list(TenOneItem.objects.filter(active=True).order_by("number"))
        return [WorkerTenOnes(items)] if items else []
