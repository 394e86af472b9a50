"""What reports say: sentences made from progress, boards by name, problems, next steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from actions.dashboards import overview
from actions.models import Campaign, ProgrammeSettings, TaskNote
from actions.progress.breakdown import board_table
from actions.progress.frame import Frame
from actions.progress.reading import Reading
from actions.progress.standings import standings
from actions.reports import narrative, pictures
from actions.reports.annual import annual_report
from actions.reports.circular import circular
from actions.reports.material import Material
from actions.reports.single import board_report, task_report
from actions.reports.spans import Span
from actions.reports.tables import (
    month_tables,
    months_come,
    parts_of,
    ranking_table,
    target_table,
    task_table,
)
from actions.reports.telling import Voice
from mofu.accounts.models import Organization
from mofu.documents.report import Table
from tests import makers

TODAY = date(2026, 11, 23)
VOICE = Voice(2026, 2028)
CLOSED = Voice(2025, 2028, closed=True)


@pytest.fixture
def frame(cast):
    return Frame(cast.city, 2026, TODAY, cast.city.organization, ProgrammeSettings.current())


def target(org, value, indicator="craftsmen.academies", **values):
    return makers.make_target(
        org=org, indicator=indicator, year=2026, period="year", value=value, unit="家", **values
    )


def academies(org, count):
    for _ in range(count):
        makers.make_academy(org=org, named_year=2026, named_on=makers.PartialDate("2026-03-01"))


def board(name, done, aim):
    org = makers.make_org(name=name)
    target(org, aim)
    academies(org, done)
    return org


def ranked(frame):
    return standings(board_table(Reading(frame)))


def test_boards_are_ranked_by_their_own_targets_and_share_a_rank(frame, cast):
    for name, done in (("甲县", 2), ("乙县", 4), ("丙县", 2), ("丁县", 0)):
        board(name, done, 4)
    found = ranked(frame)
    assert [(one.name, str(one.average), one.rank) for one in found] == [
        ("乙县", "100.0", 1), ("甲县", "50.0", 2), ("丙县", "50.0", 2), ("丁县", "0.0", 4),
    ]  # fmt: skip


def test_best_are_praised_and_lagging_named_with_what_is_missing(frame, cast):
    for name, done in (("甲县", 4), ("乙县", 3), ("丙县", 2), ("丁县", 1), ("戊县", 0)):
        board(name, done, 4)
    words = narrative.boards(VOICE, ranked(frame))
    assert words == (
        "各板块按分解目标平均完成率排名，居前的有甲县（100.0%）、乙县（75.0%）、丙县（50.0%）。"
        "进度靠后的有戊县（0.0%），命名盐城工匠学院尚缺4家；丁县（25.0%），命名盐城工匠学院尚缺3家。"
    )


def test_few_boards_are_not_praised_and_blamed_at_once(frame, cast):
    board("甲县", 0, 4)
    assert "靠后" not in narrative.boards(VOICE, ranked(frame))


def test_overview_counts_targets_by_status(frame, cast):
    target(cast.city.organization, 20)
    target(cast.city.organization, 1, "craftsmen.trained")
    academies(cast.dongtai, 10)
    makers.make_craftsman(org=cast.dongtai, year=2026, named_on=date(2026, 5, 1))
    rows = Material(frame).aimed
    text = narrative.overview(VOICE, "全市各级劳模协会", Span(2026), TODAY, rows)
    assert "截至2026年11月23日，2026年度共有2项目标，其中已完成1项、严重滞后1项。" in text


def test_an_action_is_told_with_goal_share_pace_and_status(frame, cast):
    target(cast.city.organization, 20)
    academies(cast.dongtai, 10)
    text = narrative.of_action(VOICE, "培育工匠行动", Material(frame).of("craftsmen"))
    assert text == "命名盐城工匠学院10家，目标不少于20家，完成率50%，时间进度89%，严重滞后。"


def test_an_action_without_records_says_so(frame):
    assert (
        narrative.of_action(VOICE, "“六进”行动", Material(frame).of("six-ins"))
        == "“六进”行动暂无审核通过的记录。"
    )


def test_problems_name_late_figures_idle_boards_and_overdue_tasks(frame, cast):
    target(cast.city.organization, 20)
    for name, done in (("甲县", 4), ("乙县", 3), ("丙县", 2), ("丁县", 0)):
        board(name, done, 4)
    makers.make_task(year=2026, name="印制待遇汇编", deadline=date(2026, 10, 28))
    material = Material(frame)
    lines = narrative.problems(VOICE, material.aimed, material.standings, material.overdue).splitlines()
    assert lines == [
        "一是部分指标落后于时间进度。命名盐城工匠学院（严重滞后），尚缺11家。",
        "二是有的板块个别指标尚未破零。丁县：命名盐城工匠学院。",
        "三是个别任务超过时限未完成。“印制待遇汇编”（时限2026年10月28日）。",
    ]


def test_where_all_is_well_no_problem_is_invented(frame, cast):
    target(cast.city.organization, 1)
    academies(cast.dongtai, 1)
    assert narrative.problems(VOICE, Material(frame).aimed, [], []).startswith("目前各项指标")
    assert narrative.problems(VOICE, [], [], []) == "目前没有进入考核时段的目标。"
    assert narrative.next_steps(VOICE, [], [], 0).startswith("动态更新台账")


def test_the_boards_of_a_county_are_not_ranked(cast):
    frame = Frame(cast.county, 2026, TODAY, cast.dongtai, ProgrammeSettings.current())
    target(cast.dongtai, 4)
    assert list(Material(frame).standings) == []
    assert Organization.objects.visible_to(cast.county).boards().count() == 1


def test_boards_that_have_done_nothing_are_not_praised(frame, cast):
    for name, done in (("甲县", 1), ("乙县", 0)):
        board(name, done, 4)
    words = narrative.boards(VOICE, ranked(frame))
    assert words == "各板块按分解目标平均完成率排名，居前的有甲县（25.0%）。"


def test_a_month_missed_reads_as_one_sentence(frame, cast):
    makers.make_target(indicator="six_ins.sessions", year=2026, value=2)
    words = narrative.problems(VOICE, Material(frame).aimed, [], [])
    assert words.startswith(
        "部分指标落后于时间进度。六进宣讲服务场次（严重滞后），已满10个月，0个月达标，未达标：1—10月，"
    )


def test_of_a_year_to_come_nothing_is_due_yet(frame, cast):
    target(cast.city.organization, 20)
    makers.make_target(indicator="mentoring.studios", year=None, period="programme", value=10, unit="家")
    early = replace(frame, year=2027)
    makers.make_target(indicator="craftsmen.trained", year=2027, period="year", value=10, unit="名")
    text = narrative.overview(Voice(2027, 2028), "东台市", Span(2027), TODAY, Material(early).aimed)
    assert text.endswith("共有2项目标，尚未进入考核时段。")


def test_a_board_is_not_held_to_the_citys_tasks(frame, cast):
    """What the city leads stands in the city's report and list alone."""
    target(cast.dongtai, 4)
    for number, name in ((1, "印制待遇汇编"), (2, "编辑展陈资料")):
        makers.make_task(
            org=cast.city.organization, number=number, year=2026, name=name, deadline=date(2026, 10, 28)
        )
    for report in (
        board_report(replace(frame, org=cast.dongtai), Span(2026)),
        annual_report(replace(frame, org=cast.dongtai)),
    ):
        assert "印制待遇汇编" not in str(report.sections)
        assert "双十" not in "".join(section.heading for section in report.sections)
    assert "印制待遇汇编" in str(task_report(frame, Span(2026)).sections)


def test_a_half_year_knows_only_what_was_done_in_it(frame, cast):
    makers.make_target(indicator="double_ten.done", year=2026, period="year", value=20, unit="项")
    task = makers.make_task(
        org=cast.city.organization, year=2026, name="印制待遇汇编", deadline=date(2026, 5, 28)
    )
    task.complete(date(2026, 8, 1))
    task.save()
    half, year = Material(Span(2026, "h1").frame(frame)), Material(Span(2026).frame(frame))
    assert ([str(one) for one in half.overdue], len(half.unfinished)) == ([str(task)], 1)
    assert (year.overdue, year.unfinished) == ([], [])
    assert [row.value for found in (half, year) for row in found.aimed] == [0, 1]
    assert task_table(half.tasks, half.frame.today).rows[0][-1] == "已超时限"
    assert task_table(year.tasks, year.frame.today).rows[0][-1] == "已完成"


def test_pages_and_reports_rank_boards_alike(frame, cast):
    for name, done, aim in (("甲县", 5, 7), ("乙县", 57, 80), ("丙县", 5, 7)):
        org = board(name, done, aim)
        target(org, 3, "craftsmen.trained")
    found = ranked(frame)
    glance = standings(board_table(Reading(frame).only(bound=True)))
    assert [(one.name, one.average) for one in glance] == [(one.name, one.average) for one in found]
    panel = overview.standing(board_table(Reading(frame)))
    assert [tuple(cell.value for cell in row) for row in panel.rows] == [
        (one.rank, one.name, one.average) for one in found
    ]
    assert found[0].average == Decimal("35.5")


def test_points_are_counted_where_there_are_several(frame, cast):
    steps = narrative.next_steps(VOICE, [], [], 3).splitlines()
    assert [line[:2] for line in steps] == ["一是", "二是"]


def test_a_past_year_knows_no_later_note(frame, cast):
    task = makers.make_task(org=cast.city.organization, year=2025, name="印制待遇汇编")
    for day, text in ((date(2025, 11, 3), "已送审"), (date(2026, 2, 1), "已付印")):
        TaskNote.objects.create(task=task, date=day, text=text)
    of_2025 = str(task_report(replace(frame, year=2025), Span(2025)).sections)
    assert "11月3日：已送审" in of_2025
    assert "已付印" not in of_2025


@pytest.mark.parametrize(("count", "widths"), [(0, []), (7, [7]), (8, [4, 4]), (9, [4, 5]), (16, [5, 5, 6])])
def test_wide_tables_are_broken_into_parts_of_about_one_width(count, widths):
    columns = list(range(count))
    assert [len(columns[part]) for part in parts_of(count, 7)] == widths


@pytest.fixture
def past(frame, cast):
    """2025, over: a year's target missed, one of the whole programme lagging, one task left."""
    org = cast.city.organization
    makers.make_target(
        org=org, indicator="craftsmen.academies", year=2025, period="year", value=20, unit="家"
    )
    makers.make_target(
        org=org, indicator="mentoring.studios", year=None, period="programme", value=1000, unit="家"
    )
    makers.make_task(org=org, year=2025, name="印制待遇汇编", deadline=date(2025, 10, 28))
    for name, done in (("甲县", 4), ("乙县", 3), ("丙县", 2), ("丁县", 0)):
        unit = makers.make_org(name=name)
        makers.make_target(
            org=unit, indicator="craftsmen.academies", year=2025, period="year", value=4, unit="家"
        )
        for _ in range(done):
            makers.make_academy(org=unit, named_year=2025, named_on=makers.PartialDate("2025-03-01"))
    return replace(frame, year=2025)


def test_a_year_that_is_over_says_what_it_missed_and_looks_to_the_next(past):
    material = Material(Span(2025).frame(past))
    assert material.voice == CLOSED
    lines = narrative.problems(
        CLOSED, material.aimed, material.standings, material.overdue, names_laggards=True
    ).splitlines()
    assert lines == [
        "一是部分2025年度目标没有完成。命名盐城工匠学院缺11家。",
        "二是部分全程指标落后于时间进度。新创建劳模工匠创新工作室（严重滞后），到2028年尚缺1000家。",
        "三是有的板块完成情况靠后。丁县（0.0%），命名盐城工匠学院缺4家。",
        "四是有的板块个别指标到年底仍未破零。丁县：命名盐城工匠学院。",
        "五是个别任务超过时限未完成。“印制待遇汇编”（时限2025年10月28日）。",
    ]
    steps = narrative.next_steps(CLOSED, material.aimed, material.standings, 1)
    assert "对命名盐城工匠学院查找原因，列入2026年工作重点" in steps
    assert "2025年未完成的1项转入2026年" in steps
    assert "尽快赶上时间进度" not in steps
    assert "其中未完成1项、严重滞后1项。" in narrative.overview(
        CLOSED, "全市", Span(2025), TODAY, material.aimed
    )
    assert "完成率45%，未完成。" in narrative.of_action(CLOSED, "", material.of("craftsmen"))
    assert [row[5] for row in target_table(CLOSED, material.aimed).rows] == ["未完成", "严重滞后"]
    ranked_then = ranking_table(CLOSED, material.standings)
    assert ranked_then.columns[3:] == ("已完成", "未完成")
    assert [row[2:] for row in ranked_then.rows] == [
        ("100.0%", 1, 0), ("75.0%", 0, 1), ("50.0%", 0, 1), ("0.0%", 0, 1),
    ]  # fmt: skip


def test_a_year_that_reached_everything_says_so(frame, cast):
    makers.make_target(indicator="craftsmen.academies", year=2025, period="year", value=1, unit="家")
    makers.make_academy(org=cast.dongtai, named_year=2025, named_on=makers.PartialDate("2025-03-01"))
    rows = Material(Span(2025).frame(replace(frame, year=2025))).aimed
    assert narrative.problems(CLOSED, rows, [], []).startswith("全年各项指标、任务均已完成")


def test_gaps_of_the_year_and_of_the_programme_stand_apart_and_parts_name_their_whole(frame, cast):
    org = cast.city.organization
    target(org, 4)
    for code, value in (("studios_new_quality", 5), ("studios", 9)):
        makers.make_target(
            org=org, indicator=f"mentoring.{code}", year=None, period="programme", value=value, unit="个"
        )
    rows = {row.indicator.code.partition(".")[2]: row for row in Material(frame).aimed}
    part, whole, own = rows["studios_new_quality"], rows["studios"], rows["academies"]
    assert VOICE.missing([part, own]) == (
        "2026年命名盐城工匠学院尚缺4家，到2028年新创建劳模工匠创新工作室中的新质生产力型工作室尚缺5个"
    )
    assert VOICE.missing([whole, part]) == (
        "到2028年新创建劳模工匠创新工作室尚缺9个、其中新质生产力型工作室尚缺5个"
    )
    assert "其中" not in narrative.problems(VOICE, [part], [], [])


def test_the_ten_ones_are_told_once_by_name(frame, cast):
    for item in (1, 2):
        makers.make_ten_one(worker=makers.make_worker(org=cast.dongtai), item=item, year=2026)
    text = narrative.of_action(VOICE, "“双争”行动", Material(frame).of("double-strive"))
    assert text.count("十个一") == 2
    assert text.startswith("参加“十个一”职工2人；“十个一”活动方面，")


def test_months_to_come_are_left_out(frame, cast):
    makers.make_event(org=cast.dongtai, date=date(2026, 3, 4))
    material = Material(frame)
    assert list(months_come(frame)) == list(range(1, 12))
    assert list(months_come(replace(frame, year=2025))) == list(range(1, 13))
    [picture] = pictures.month_pictures(material.reading, "six-ins")
    assert (">11月<" in picture.svg, ">12月<" in picture.svg) == (True, False)
    campaign = Campaign.objects.create(code="six-ins", title="“六进”行动")
    _, second = month_tables(material.reading, campaign)
    assert next(row[-2:] for row in second.rows) == (0, None)


def test_a_circular_blames_nobody_where_it_praises_and_says_since_when_it_sums_up(frame, cast):
    for name, done in (("甲县", 4), ("乙县", 3), ("丙县", 2), ("丁县", 1)):
        board(name, done, 4)
    makers.make_target(indicator="mentoring.studios", year=None, period="programme", value=10, unit="家")
    report = circular(frame, Span(2026, "q3"))
    told = {section.heading: section.blocks for section in report.sections}
    [praise] = told["主要做法和成效"]
    assert "靠后" not in praise.text
    assert "有的板块进度靠后。丁县（25.0%）" in told["存在问题"][0].text
    sums = next(block for block in told["总体情况"] if isinstance(block, Table) and "新增" in block.caption)
    since = {row[0]: row[-1] for row in sums.rows}
    assert since["新创建劳模工匠创新工作室"] == "2024年以来"
    assert since["命名盐城工匠学院"] == "2026年以来"
