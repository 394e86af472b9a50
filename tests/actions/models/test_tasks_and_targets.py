"""Tasks of the double ten, targets and their breakdown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from actions.models import Target, Task
from actions.registers.targets import TargetRegister
from mofu.accounts.models import Role
from tests.makers import city, make_org, make_target, make_task, make_user

pytestmark = pytest.mark.django_db


def problems_of(record):
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.message_dict


def test_number_of_a_list_once_a_year():
    task = make_task(number=3)
    again = Task(group=task.group, number=3, year=2024, name="另一项", org=task.org)
    assert "已有这一序号" in str(problems_of(again))
    Task(group=Task.Group.SUPPORT, number=3, year=2024, name="助力", org=task.org).full_clean()
    assert "number" in problems_of(Task(group=task.group, number=11, year=2024, name="第十一", org=task.org))


def test_done_task_has_its_day_and_only_a_done_one():
    task = make_task()
    task.state = Task.State.DONE
    assert "completed_on" in problems_of(task)
    task.complete(date(2024, 7, 1))
    task.full_clean()
    task.state = Task.State.RUNNING
    assert "state" in problems_of(task)


def test_overdue_is_what_is_unfinished_after_its_deadline():
    task = make_task(deadline=date(2024, 6, 30))
    make_task(deadline=None)
    make_task(deadline=date(2024, 6, 1), state=Task.State.DONE, completed_on=date(2024, 6, 1))
    assert not Task.everything.overdue(date(2024, 6, 30)).exists()
    assert list(Task.everything.overdue(date(2024, 7, 1))) == [task]
    assert task.is_overdue(date(2024, 7, 1))
    assert list(Task.everything.due(date(2024, 6, 30), date(2024, 7, 5))) == [task]


def test_tasks_of_the_city_are_seen_by_every_unit():
    task = make_task()
    assert list(Task.objects.visible_to(make_user(Role.COUNTY))) == [task]
    assert not Task.objects.visible_to(make_user(Role.COUNTY, None)).exists()


def test_target_once_a_year_and_once_for_the_programme():
    make_target(year=2024)
    make_target(year=None)
    for year in (2024, None):
        again = Target(org=city(), indicator="six_ins.sessions", year=year, value=3)
        assert "直接修改" in str(problems_of(again))


def test_years_own_target_goes_before_the_general_one():
    general, own = make_target(year=None), make_target(year=2025)
    find = Target.everything.binding
    assert find(indicator="six_ins.sessions", org=city(), year=2025) == own
    assert find(indicator="six_ins.sessions", org=city(), year=2024) == general
    assert find(indicator="mentoring.studios", org=city(), year=2024) is None


def target_form(user, org, value, instance=None, **values):
    data = {"indicator": "mentoring.studios", "org": org.pk, "year": 2024, "comparator": "≥", "value": value,
            "period": "year", "unit": "家", **values}  # fmt: skip
    return TargetRegister().form(data, user=user, instance=instance)


def test_what_the_city_breaks_down_a_unit_may_raise_but_not_lower():
    board = make_org()
    form = target_form(make_user(), board, 90)
    assert form.is_valid(), form.errors
    target = form.save()
    assert target.assigned == 90
    clerk = make_user(Role.COUNTY, board)
    lower = target_form(clerk, board, 80, Target.everything.get(pk=target.pk))
    assert lower.errors["value"] == ["目标值不能低于市级分解值 90家。"]
    higher = target_form(clerk, board, 100, Target.everything.get(pk=target.pk), assigned=10)
    assert higher.is_valid(), higher.errors
    assert (higher.save().value, higher.instance.assigned) == (Decimal(100), Decimal(90))


def test_targets_are_for_indicators_that_exist():
    assert "没有这个指标" in target_form(make_user(), city(), 1, indicator="made.up").errors["indicator"][0]


def test_unit_cannot_turn_an_assigned_target_into_another_one(cast, signed_in):
    order = make_target(
        org=cast.dongtai, indicator="mentoring.studios", value=90, assigned=90, unit="家", period="year"
    )
    data = {"indicator": "six_ins.sessions", "org": cast.sheyang.pk, "year": 2030, "comparator": "≈", "value": 95,
            "period": "programme", "unit": "场", "assigned": 1}  # fmt: skip
    answer = signed_in(cast.county).post(f"/targets/{order.pk}/edit/", data)
    assert answer.status_code == 302
    order.refresh_from_db()
    kept = (
        order.indicator,
        order.org,
        order.year,
        order.comparator,
        order.period,
        order.unit,
        order.assigned,
    )
    assert kept == ("mentoring.studios", cast.dongtai, 2024, "≥", "year", "家", 90)
    assert order.value == 95
    assert signed_in(cast.county).post(f"/targets/{order.pk}/edit/", data | {"value": 1}).status_code == 422


def test_unit_shapes_its_own_targets_freely(cast, signed_in):
    own = make_target(org=cast.dongtai, indicator="mentoring.studios", value=90)
    data = {"indicator": "six_ins.sessions", "org": cast.dongtai.pk, "year": 2025, "comparator": "≈", "value": 5,
            "period": "year", "unit": "场"}  # fmt: skip
    assert signed_in(cast.county).post(f"/targets/{own.pk}/edit/", data).status_code == 302
    own.refresh_from_db()
    assert (own.indicator, own.year, own.comparator) == ("six_ins.sessions", 2025, "≈")
