"""The register of headcount-only returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models

from actions.models import HeadcountReturn, TenOneItem
from actions.models.headcount import beside_named
from actions.registers.headcount_sheet import UnitHeadcounts
from actions.registers.sheet_periods import month_in
from mofu.accounts.models import User
from mofu.registers.columns import Column
from mofu.registers.register import Register, Section, register

NAMED, UNDATED = "已有实名记录", "另有未注明月份的实名记录"


def remark(row: HeadcountReturn) -> str:
    """Return what a reader of the list has to know about a return: named records of the same, odd numbers."""
    named = NAMED if row.named else UNDATED if row.undated else ""
    return "；".join(filter(None, (named, row.doubt)))


@register
class HeadcountRegister(Register):
    """十个一人数报送台账: apart from the named records, never added to them (docs/decisions/009-headcounts.md)."""

    slug = "headcounts"
    model = HeadcountReturn
    group = "五大行动"
    order = 105
    icon = "users-group"
    intro = "只报人数、不报名单的单位按月填报；与“十个一参与”里的实名记录分开统计，从不相加。"
    columns = (
        "org", Column("item", width=20), "year", "month", Column("people", total=True),
        Column("named", label="同月实名人数", kind="int", width=12),
        Column("remark", label="核对提示", value=remark, width=24, needs=("org",)), "note",
    )  # fmt: skip
    default_columns = ("org", "item", "year", "month", "people", "named", "remark")
    ordering = ("-year", "-month", "org__path", "item__number")
    sections = (
        Section("报送", ("org", "item", "year", "month")),
        Section("人数", ("people", "note")),
    )
    detail_template = "actions/headcount.html"
    filter_fields = ("item", "month")
    batch_fields = ("item", "year", "note")
    sheet_synonyms = {
        "people": ("人数", "参加人次", "人次"),
        "month": ("月", "报送月份"),
        "item": ("十个一项目",),
    }
    sheet_readers = {"month": month_in}

    def with_extras(self, rows: models.QuerySet) -> models.QuerySet:
        """Annotate the named records beside each return."""
        return beside_named(rows)

    def detail_context(self, obj: HeadcountReturn, user: User) -> dict[str, Any]:
        """Add the named records beside the return and what there is to say about both."""
        beside = beside_named(self.rows(user).filter(pk=obj.pk)).select_related("org").get()
        return {"beside": beside, "remark": remark(beside)}

    def shapes(self) -> Sequence[UnitHeadcounts]:
        """One row per unit and month, ten columns of numbers."""
        items = list(TenOneItem.objects.filter(active=True).order_by("number"))
        return [UnitHeadcounts(items)] if items else []
