"""What reports say: sentences made from progress, boards by name, problems, next steps."""

from __future__ import annotations

from datetime import date

import pytest

from actions.models import ProgrammeSettings
from actions.progress.frame import Frame
from actions.reports import narrative
from actions.reports.material import Material
from actions.reports.spans import Span
from actions.reports.standings import standings_of
from mofu.accounts.models import Organization
from tests import makers

TODAY = date(2026, 11, 23)


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


def test_boards_are_ranked_by_their_own_targets_and_share_a_rank(frame, cast):
    for name, done in (("甲县", 2), ("乙县", 4), ("丙县", 2), ("丁县", 0)):
        board(name, done, 4)
    found = standings_of(frame)
    assert [(one.name, str(one.average), one.rank) for one in found] == [
        ("乙县", "100.0", 1), ("甲县", "50.0", 2), ("丙县", "50.0", 2), ("丁县", "0.0", 4),
    ]  # fmt: skip


def test_best_are_praised_and_lagging_named_with_what_is_missing(frame, cast):
    for name, done in (("甲县", 4), ("乙县", 3), ("丙县", 2), ("丁县", 1), ("戊县", 0)):
        board(name, done, 4)
    words = narrative.boards(standings_of(frame))
    assert words == (
        "各板块按分解目标平均完成率排名，居前的有甲县（100.0%）、乙县（75.0%）、丙县（50.0%）。"
        "进度靠后的有戊县（0.0%），命名盐城工匠学院尚缺4家；丁县（25.0%），命名盐城工匠学院尚缺3家。"
    )


def test_few_boards_are_not_praised_and_blamed_at_once(frame, cast):
    board("甲县", 0, 4)
    assert "靠后" not in narrative.boards(standings_of(frame))


def test_overview_counts_targets_by_status(frame, cast):
    target(cast.city.organization, 20)
    target(cast.city.organization, 1, "craftsmen.trained")
    academies(cast.dongtai, 10)
    makers.make_craftsman(org=cast.dongtai, year=2026, named_on=date(2026, 5, 1))
    rows = Material(frame).aimed
    text = narrative.overview("全市各级劳模协会", Span(2026), TODAY, rows)
    assert "截至2026年11月23日，2026年度共有2项目标，其中已完成1项、严重滞后1项。" in text


def test_an_action_is_told_with_goal_share_pace_and_status(frame, cast):
    target(cast.city.organization, 20)
    academies(cast.dongtai, 10)
    text = narrative.of_action("培育工匠行动", Material(frame).of("craftsmen"))
    assert text == "命名盐城工匠学院10家，目标不少于20家，完成率50%，时间进度89%，严重滞后。"


def test_an_action_without_records_says_so(frame):
    assert (
        narrative.of_action("“六进”行动", Material(frame).of("six-ins")) == "“六进”行动暂无审核通过的记录。"
    )


def test_problems_name_late_figures_idle_boards_and_overdue_tasks(frame, cast):
    target(cast.city.organization, 20)
    for name, done in (("甲县", 4), ("乙县", 3), ("丙县", 2), ("丁县", 0)):
        board(name, done, 4)
    makers.make_task(year=2026, name="印制待遇汇编", deadline=date(2026, 10, 28))
    material = Material(frame)
    lines = narrative.problems(material.aimed, material.standings, material.overdue).splitlines()
    assert lines == [
        "一是部分指标落后于时间进度。命名盐城工匠学院（严重滞后），尚缺11家。",
        "二是有的板块个别指标尚未破零。丁县：命名盐城工匠学院。",
        "三是个别任务超过时限未完成。“印制待遇汇编”（时限2026年10月28日）。",
    ]


def test_where_all_is_well_no_problem_is_invented(frame):
    assert narrative.problems([], [], []).startswith("目前各项指标")
    assert narrative.next_steps([], [], 0).startswith("一是动态更新台账")


def test_the_boards_of_a_county_are_not_ranked(cast):
    frame = Frame(cast.county, 2026, TODAY, cast.dongtai, ProgrammeSettings.current())
    target(cast.dongtai, 4)
    assert list(Material(frame).standings) == []
    assert Organization.objects.visible_to(cast.county).boards().count() == 1
