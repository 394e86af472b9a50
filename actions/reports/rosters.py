"""Rosters: laureates (花名册) and studios (创新工作室汇总), as parts of reports and on their own."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, QuerySet

from actions.models import Studio
from actions.progress.frame import Frame
from models_app.models import Laureate, publicly_shown
from mofu.documents.report import Report, Section, Table
from mofu.registers.partial_dates import PartialDate

Row = tuple[object, ...]


def laureates_of(frame: Frame) -> QuerySet[Laureate]:
    """Return the laureates of the frame's unit who count, unit by unit."""
    people = frame.within().records(Laureate).in_good_standing()
    return people.select_related("org").order_by("org__path", "name_key", "pk")


def studios_of(frame: Frame) -> QuerySet[Studio]:
    """Return the studios that stand in the frame's unit."""
    rows = frame.within(programme=True).records(Studio).standing()
    return rows.select_related("org", "leader", "chain").order_by("org__path", "name_key", "pk")


def studio_section(frame: Frame) -> Section:
    """The studios created in the frame's year, as a part of the yearly report."""
    new = frame.within().dated(Studio).standing().select_related("org", "leader").order_by("org__path", "pk")
    rows = [
        (
            studio.name,
            str(studio.org),
            str(studio.leader),
            studio.get_category_display(),
            studio.get_level_display(),
            "是" if studio.is_new_quality else "否",
            studio.get_founder_display(),
        )
        for studio in new
    ]
    columns = ("工作室", "单位", "领衔人", "类别", "级别", "新质生产力型", "创建主体")
    table = Table("本年新创建工作室", columns, rows, widths=(28, 20, 10, 10, 14, 10, 14))
    return Section("劳模工匠创新工作室", blocks=[table], sheet="工作室")


def laureate_section(frame: Frame) -> Section:
    """The laureates as a sheet of the yearly workbook."""
    rows = [
        (
            person.name,
            person.get_sex_display(),
            str(person.org),
            person.position,
            person.get_category_display(),
            person.get_status_display(),
        )
        for person in laureates_of(frame).iterator(chunk_size=2000)
    ]
    columns = ("姓名", "性别", "单位", "职务", "人员类别", "状态")
    table = Table("劳模工匠花名册", columns, rows, widths=(12, 6, 26, 16, 14, 10))
    return Section("劳模工匠花名册", blocks=[table], sheet="花名册", only="workbook")


def laureate_roster(frame: Frame) -> Report:
    """花名册: everybody who counts, with the highest honour; wide, on turned pages."""
    people = laureates_of(frame).prefetch_related("honours__title").iterator(chunk_size=1000)
    table = Table(
        "",
        ("序号", "姓名", "性别", "出生年月", "工作单位", "职务", "人员类别", "主要荣誉", "授予年度", "状态"),
        [(number, *_of_person(person)) for number, person in enumerate(people, start=1)],
        widths=(6, 10, 6, 11, 26, 14, 13, 30, 9, 9),
        kinds=("int", "text", "text", "text", "text", "text", "text", "text", "text", "text"),
    )
    return _roster(frame, f"{_unit(frame)}劳模工匠花名册", table, "花名册")


def public_roster(frame: Frame) -> Report:
    """名录: who is named outside the house; without anything personal, and without who withdrew that consent."""
    people = publicly_shown(laureates_of(frame)).prefetch_related("honours__title").iterator(chunk_size=1000)
    rows = []
    for number, person in enumerate(people, start=1):
        name, _sex, _born, unit, _position, category, title, year, _status = _of_person(person)
        rows.append((number, name, unit, category, title, year))
    columns = ("序号", "姓名", "工作单位", "人员类别", "主要荣誉", "授予年度")
    kinds = ("int", *["text"] * 5)
    table = Table("", columns, rows, widths=(6, 12, 34, 14, 34, 10), kinds=kinds)
    return _roster(frame, f"{_unit(frame)}劳模工匠名录", table, "名录")


def _of_person(person: Laureate) -> Iterator[object]:
    honours = [
        honour for honour in person.honours.all() if not honour.revoked and honour.review_state == "approved"
    ]
    highest = min(honours, key=lambda honour: (honour.title.level, honour.title.sort), default=None)
    yield from (person.name, person.get_sex_display(), _month(person.birth_date), person.org.name)
    yield from (person.position, person.get_category_display())
    yield from (str(highest.title), str(highest.batch_year)) if highest else ("", "")
    yield person.get_status_display()


def _month(day: PartialDate | str) -> str:
    """The year and month of a birth: 1975年3月."""
    return PartialDate(day[:7]).shown() if day else ""


def studio_roster(frame: Frame) -> Report:
    """创新工作室汇总: every studio that stands, with members and outcomes."""
    studios = studios_of(frame).annotate(
        people=Count("members", distinct=True), results=Count("outcomes", distinct=True)
    )
    rows = [(number, *_of_studio(studio)) for number, studio in enumerate(studios.iterator(), start=1)]
    columns = (
        "序号",
        "工作室名称",
        "所属单位",
        "领衔人",
        "类别",
        "级别",
        "产业链",
        "新质生产力型",
        "创建主体",
        "创建时间",
        "成员",
        "成果",
    )
    kinds = ("int", *["text"] * 9, "int", "int")
    widths = (6, 28, 24, 10, 9, 12, 12, 10, 12, 15, 7, 7)
    table = Table("", columns, rows, widths=widths, kinds=kinds)
    return _roster(frame, f"{_unit(frame)}劳模工匠创新工作室汇总表", table, "工作室")


def _of_studio(studio: Studio) -> Row:
    return (
        studio.name, studio.org.name, studio.leader.name, studio.get_category_display(), studio.get_level_display(),
        str(studio.chain or ""), "是" if studio.is_new_quality else "否", studio.get_founder_display(),
        studio.created_on.shown() if studio.created_on else "", studio.people, studio.results,
    )  # fmt: skip


def _unit(frame: Frame) -> str:
    return "盐城市" if not frame.org_code else frame.org.name


def _roster(frame: Frame, title: str, table: Table, sheet: str) -> Report:
    section = Section("", blocks=[table], sheet=sheet, landscape=True, numbered=False)
    return Report(title, f"共 {len(table.rows)} 条", "", frame.today, [section])
