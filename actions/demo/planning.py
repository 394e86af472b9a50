"""Demo progress of the double-ten tasks, and the city's targets broken down to the boards."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from actions.demo import MARK
from actions.demo.storing import store
from actions.demo.world import FIRST_DAY, World
from actions.models import Target, Task, TaskNote, TaskState, TaskStep
from mofu.accounts import trail
from mofu.accounts.models import Organization
from mofu.registers.periods import start_of

BROKEN_DOWN = (
    "assist.laureates", "assist.enterprises", "mentoring.studios", "mentoring.studios_new_quality",
    "craftsmen.academies", "craftsmen.trained",
)  # fmt: skip
_STEPS = (("制定方案", 0.2), ("组织实施", 0.7), ("总结归档", 1.0))
_OWNERS = ("协会办公室", "协会宣传部", "协会服务部", "市总经济部", "匠心志愿服务团")
_NOTES = (
    "方案已印发，责任到人。",
    "按计划推进，本月完成一次现场调度。",
    "已完成主要内容，正在收集佐证材料。",
)


def make_targets(world: World) -> None:
    """Break the city's targets down to the boards; one board sets itself a higher one."""
    whole = Target.everything.filter(org=world.city, indicator__in=BROKEN_DOWN).order_by("pk")
    store([target for city in whole for target in _parts(world, city)])


def _parts(world: World, city: Target) -> list[Target]:
    weights = [3 if number < 3 else 2 for number in range(len(world.boards))]
    shares = [(city.value * weight / sum(weights)).quantize(Decimal(1)) for weight in weights]
    shares[-1] += city.value - sum(shares)
    return [_part(world, city, board, share) for board, share in zip(world.boards, shares, strict=True)]


def _part(world: World, city: Target, board: Organization, share: Decimal) -> Target:
    ambitious = world.staff["county"].organization == board
    value = share + 2 if ambitious else share
    return Target(org=board, indicator=city.indicator, year=city.year, comparator=city.comparator, value=value,
                  assigned=share, unit=city.unit, period=city.period, source=city.source, note=MARK,
                  created_by=world.staff["city"])  # fmt: skip


def make_task_progress(world: World) -> None:
    """Move every year's tasks on: earlier years are done but for one, this year's as far as the year has gone."""
    tasks = list(Task.everything.filter(year__in=world.years).order_by("year", "group", "number"))
    for task in tasks:
        _advance(world, task)
    fields = ("owner", "deadline", "state", "completed_on", "note", "created_at")
    Task.everything.bulk_update(tasks, fields, batch_size=200)
    trail.record_many(trail.Action.CHANGED, tasks, reason="载入演示数据")
    store([step for task in tasks for step in _steps(task, world.today)])
    store([note for task in tasks if task.state != TaskState.NOT_STARTED for note in _notes(world, task)])


def _advance(world: World, task: Task) -> None:
    rng = world.rng
    task.owner = task.owner or rng.choice(_OWNERS)
    task.deadline = task.deadline or date(task.year, rng.choice([9, 10, 11, 12]), 28)
    task.note = task.note or MARK
    begun = _begun(task.year)
    task.created_at = start_of(begun)  # known since then, to who looks at a past day
    gone = (world.today - begun).days / (task.deadline - begun).days
    if task.year < world.today.year:
        task.state = (
            TaskState.POSTPONED if (task.year, task.number) == (world.today.year - 1, 7) else TaskState.DONE
        )
    elif gone < 0.2:
        task.state = TaskState.NOT_STARTED
    else:
        task.state = TaskState.DONE if rng.random() < gone - 0.45 else TaskState.RUNNING
    task.completed_on = None
    if task.state == TaskState.DONE:
        task.completed_on = min(task.deadline - timedelta(days=rng.randint(0, 25)), world.today)


def _begun(year: int) -> date:
    return max(FIRST_DAY, date(year, 1, 10))


def _steps(task: Task, today: date) -> list[TaskStep]:
    begun = _begun(task.year)
    length = (task.deadline - begun).days
    steps = [
        TaskStep(task=task, title=title, due=begun + timedelta(days=int(length * share)))
        for title, share in _STEPS
    ]
    for step in steps:
        gone = step.due <= today and task.state != TaskState.NOT_STARTED
        if task.state == TaskState.DONE or (gone and step is not steps[-1]):
            step.done_on = min(step.due, task.completed_on or step.due, today)
    return steps


def _notes(world: World, task: Task) -> list[TaskNote]:
    last = min(task.completed_on or world.today, task.deadline, world.today)
    days = sorted(world.day(_begun(task.year), last) for _ in range(world.rng.randint(1, 3)))
    return [
        TaskNote(task=task, date=day, text=f"{MARK}：{text}") for day, text in zip(days, _NOTES, strict=False)
    ]
