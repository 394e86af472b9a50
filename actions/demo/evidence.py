"""Demo evidence: files on events, assistance, studios and tasks, kept as if a member of staff had uploaded them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from django.core.files.uploadedfile import SimpleUploadedFile

from actions.demo import MARK
from actions.demo.papers import Paper, can_draw, write
from actions.demo.world import World
from actions.models import Assistance, Event, Studio, Task
from mofu.registers import attachments
from mofu.registers.records import Record

EVENTS, SERVICES, STUDIOS, TASKS = 36, 16, 14, 10  # records of each kind that have files, in the full demo
_NAMES_AT_MOST = 18
Wanted = Iterator[tuple[Record, Paper, str]]


def make_evidence(world: World) -> None:
    """Give some records of each kind their files."""
    for record, paper, suffix in chain(_events(world), _services(world), _studios(world), _tasks(world)):
        kind = suffix if suffix in ("docx", "xlsx") or can_draw() else "docx"
        upload = SimpleUploadedFile(f"{paper.title}（{MARK}）.{kind}", write(paper, kind))
        attachments.keep(upload, record, record.created_by or world.staff["city"])


def _some[R: Record](world: World, records: Sequence[R], number: int) -> list[R]:
    return world.rng.sample(records, min(len(records), world.scaled(number, 2)))


def _events(world: World) -> Wanted:
    """A sign-in sheet for each event, a notice for some."""
    for event in _some(world, list(Event.everything.select_related("org").order_by("pk")), EVENTS):
        facts = [("活动", event.title), ("日期", str(event.date)), ("地点", event.place)]
        people = event.laureates.order_by("pk").values_list("name", flat=True)[:_NAMES_AT_MOST]
        yield event, Paper("活动签到表", event.date, str(event.org), facts, list(people)), "png"
        if world.rng.random() < 0.3:
            facts = [*facts, ("参加范围", "相关单位劳模工匠和职工代表"), ("说明", event.summary)]
            yield event, Paper("活动通知", event.date, str(event.org), facts), "docx"


def _services(world: World) -> Wanted:
    """What the enterprise confirmed."""
    rows = Assistance.everything.served().select_related("org", "enterprise").order_by("pk")
    for service in _some(world, list(rows), SERVICES):
        facts = [
            ("服务企业", str(service.enterprise)),
            ("企业需求", service.need),
            ("服务日期", str(service.served_on)),
            ("服务成效", service.result),
        ]
        suffix = world.rng.choice(("pdf", "docx"))
        yield service, Paper("助企服务确认单", service.served_on, str(service.org), facts), suffix


def _studios(world: World) -> Wanted:
    """The list of outcomes, or the paper that names the studio."""
    rows = Studio.everything.select_related("org", "leader").order_by("pk")
    for studio in _some(world, list(rows), STUDIOS):
        facts = [
            ("工作室", studio.name),
            ("领衔人", studio.leader.name),
            ("命名文号", studio.document_no),
            *((outcome.get_kind_display(), outcome.title) for outcome in studio.outcomes.order_by("pk")),
        ]
        day = studio.created_on.earliest
        title, suffix = world.rng.choice((("工作室成果清单", "xlsx"), ("工作室命名文件", "pdf")))
        yield studio, Paper(title, day, str(studio.org), facts), suffix


def _tasks(world: World) -> Wanted:
    """A paper for each progress note of some tasks."""
    rows = Task.everything.filter(notes__isnull=False).distinct().select_related("org").order_by("pk")
    for task in _some(world, list(rows), TASKS):
        for note in task.notes.order_by("date", "pk"):
            facts = [("任务", str(task)), ("责任单位", task.owner), ("进展情况", note.text)]
            suffix = world.rng.choice(("docx", "pdf", "png"))
            yield task, Paper(f"{note.date}进展佐证", note.date, str(task.org), facts), suffix
