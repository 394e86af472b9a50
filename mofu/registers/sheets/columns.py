"""The columns of a register's sheet, derived from its form: label, synonyms, how a cell is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db import models

from mofu.accounts.models import User
from mofu.registers.own_titles import own_titles
from mofu.registers.partial_dates import PartialDateFormField
from mofu.registers.register import REGISTERS, Register
from mofu.registers.sheets.side import Side

# What the same thing is called from one county to the next, by field name.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "名称"),
    "sex": ("性别",),
    "id_number": ("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号码", "证件号", "居民身份证号码"),
    "birth_date": ("出生日期", "出生年月", "出生年月日", "出生时间", "生日"),
    "phone": ("联系电话", "手机", "手机号", "手机号码", "电话", "联系方式", "电话号码", "联系号码"),
    "org": ("单位", "工作单位", "所在单位", "所属单位", "单位名称", "现工作单位", "归口单位"),
    "skill_level": ("技能等级", "技术等级", "职业技能等级", "技能级别", "工人技术等级"),
    "education": ("文化程度", "学历", "最高学历", "受教育程度"),
    "political_status": ("政治面貌", "党派", "政治身份"),
    "ethnicity": ("民族",),
    "native_place": ("籍贯", "出生地"),
    "joined_work": ("参加工作时间", "参加工作年月", "工作时间", "参工时间"),
    "position": ("职务", "岗位", "现任职务", "职务（岗位）"),
    "specialties": ("技术专长", "专长", "特长"),
    "note": ("备注", "说明", "备注说明"),
    "document_no": ("文号", "表彰文号", "命名文号", "发文号", "表彰文件", "文件号"),
    "granted_on": (
        "授予时间",
        "授予日期",
        "获得时间",
        "表彰时间",
        "获奖时间",
        "命名时间",
        "荣誉时间",
        "获得荣誉时间",
    ),
    "batch_year": ("表彰年度", "获得年度", "授予年份", "表彰年份", "年度"),
    "granted_by": ("授予单位", "授予机关", "命名单位"),
    "certificate_no": ("证书编号", "证书号"),
    "laureate": ("劳模", "劳模姓名", "劳模工匠姓名", "姓名", "获得者"),
    "master": ("师傅姓名", "导师", "师父"),
    "apprentice": ("徒弟姓名", "学徒"),
    "worker": ("职工姓名", "姓名"),
    "leader": ("领衔人姓名", "负责人", "带头人"),
    "date": ("日期", "时间", "活动时间", "活动日期", "开展时间"),
    "place": ("地点", "活动地点"),
    "year": ("年度", "年份"),
    "audience": ("受众", "人数", "参加人数", "听众人数"),
    "industry": ("行业", "所属行业"),
    "chain": ("产业链", "所属产业链"),
}


@dataclass(frozen=True)
class SheetColumn:
    """One column that a sheet may have.

    ``side`` is the slug of the side records it belongs to, empty for the row's own record. ``shown`` columns appear in
    exports only: they are recognised and not read. ``unit`` is “元” or “万元” where the label says so. ``reader`` reads
    the column's cells where the form field cannot; ``hint`` says what to fill in.
    """

    name: str
    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    side: str = ""
    shown: bool = False
    reader: Callable[[Any], Any] | None = None
    hint: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells columns apart: the side they belong to and the field."""
        return self.side, self.name

    @property
    def unit(self) -> str:
        """The unit of money in the label."""
        return money_unit(self.label)


def money_unit(label: str) -> str:
    """Return “万元” or “元” when a header names it, else nothing."""
    return "万元" if "万元" in label else "元" if "（元" in label or "(元" in label else ""


def form_for(register: Register, user: User, instance: models.Model | None = None) -> forms.ModelForm:
    """Return the register's unbound form: it knows fields, labels and choices."""
    return register.form(instance=instance if instance is not None else register.model(), user=user)


def columns_of(register: Register, form: forms.ModelForm, user: User) -> list[SheetColumn]:
    """Return all columns a sheet of ``register`` may have: its own, side columns, columns of exports."""
    own = list(_own(register, form))
    sides = [column for side in register.sheet_sides for column in _side(side, user)]
    known = {column.label for column in own}
    shown = [
        SheetColumn(column.name, column.label, shown=True)
        for column in register.all_columns.values()
        if column.label not in known and column.name not in form.fields
    ]
    titles = own_titles(register, user)
    return [_called(column, titles) for column in own] + sides + [_called(column, titles) for column in shown]


def _called(column: SheetColumn, titles: dict[str, tuple[str, ...]]) -> SheetColumn:
    """Return the column known by the titles of views, too."""
    further = dict.fromkeys((*titles.get(column.name, ()), *titles.get(column.label, ())))
    return replace(column, synonyms=(*column.synonyms, *further)) if further else column


def _own(register: Register, form: forms.ModelForm) -> Iterator[SheetColumn]:
    exported = {column.name: column.label for column in register.all_columns.values()}
    for name, field in form.fields.items():
        if isinstance(field, forms.FileField):
            continue
        extra = (exported[name],) if name in exported else ()
        synonyms = (*extra, *register.sheet_synonyms.get(name, ()), *SYNONYMS.get(name, ()))
        reader = register.sheet_readers.get(name)
        yield SheetColumn(
            name,
            str(field.label),
            synonyms,
            required=_must_be_given(form, name),
            shown=field.disabled,  # what the user may not change is recognised and left as it is
            reader=reader,
        )


def _side(side: Side, user: User) -> Iterator[SheetColumn]:
    form = form_for(REGISTERS[side.slug], user)
    for name in side.fields:
        synonyms = (*side.synonyms.get(name, ()), *SYNONYMS.get(name, ()))
        label = side.labels.get(name) or str(form.fields[name].label)
        reader, hint = side.readers.get(name), side.hints.get(name, "")
        yield SheetColumn(name, label, synonyms, side=side.ident, reader=reader, hint=hint)


def _must_be_given(form: forms.ModelForm, name: str) -> bool:
    """Whether a new record needs the column: required and without a default."""
    field = form.fields[name]
    return bool(field.required) and form.initial.get(name) in (None, "") and field.initial is None


def is_number(field: forms.Field) -> bool:
    """Whether the form field takes a number."""
    return isinstance(field, (forms.IntegerField, forms.DecimalField, forms.FloatField))


def choices_of(field: forms.Field) -> list[tuple[Any, str]]:
    """Return the closed list of a field (or of its select box), empty where anything may be typed."""
    if isinstance(field, (forms.ModelChoiceField, forms.BooleanField)):
        return []
    choices = getattr(field, "choices", None) or getattr(field.widget, "choices", None) or []
    return [(value, str(label)) for value, label in choices if value not in ("", None)]


def is_text_number(name: str, register: Register) -> bool:
    """Whether a column holds numbers that are text: ID numbers, phones, codes."""
    return (
        name in register.secret_fields
        or "phone" in name
        or name in ("code", "certificate_no", "agreement_no")
    )


def asks_for_month(label: str) -> bool:
    """Whether a header asks for year and month only (“出生年月”)."""
    return "年月" in label and "日" not in label


def is_partial_date(field: forms.Field) -> bool:
    """Whether the field takes dates of any precision."""
    return isinstance(field, PartialDateFormField)
