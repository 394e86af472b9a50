"""Many records at once: one field set to one value, or one step of review. One transaction, every record on the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django import forms
from django.db import IntegrityError, models, transaction

from mofu.accounts import trail
from mofu.accounts.models import User
from mofu.registers import bulk, jobs, review
from mofu.registers.models import Job
from mofu.registers.records import Record
from mofu.registers.register import REGISTERS, Register
from mofu.registers.selections import Selection, Unclear
from mofu.registers.sheets import comparing
from mofu.registers.sheets.columns import form_for
from mofu.registers.sheets.constraints import Constraints
from mofu.registers.sheets.making import Made, Maker

AT_ONCE = 2000  # records changed while the user waits
BLOCK = 1000
TOLD = 100  # refusals that are told one by one
EDIT, REVIEW = "batch-edit", "batch-review"
REVIEWS: dict[str, tuple[Callable[..., int], trail.Action, str]] = {
    "submit": (review.submit, trail.Action.SUBMITTED, "送审"),
    "approve": (review.approve, trail.Action.APPROVED, "审核通过"),
}
Step = Callable[[int, int], None]


class Refusals(Exception):  # noqa: N818 - an answer for the user
    """Some records refuse the value and were not to be left out; nothing is written."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True)
class Edit:
    """``field`` of a register's form is to become ``value`` (as typed); why; whether to pass over what refuses."""

    field: str
    value: Any
    reason: str = ""
    skip: bool = False


@dataclass
class Outcome:
    """What became, or would become, of the chosen records; ``refused`` are (record, why), the first of many."""

    total: int = 0
    changed: int = 0
    same: int = 0
    refusals: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    shown: str = ""

    def refuse(self, record: models.Model, messages: Iterable[str]) -> None:
        """Note a record that cannot take the value."""
        self.refusals += 1
        if len(self.refused) < TOLD:
            self.refused.append((str(record), "；".join(dict.fromkeys(messages))))


def fields_of(register: Register, user: User) -> forms.ModelForm:
    """Return the register's form with just the fields that may be set for many records at once."""
    form = form_for(register, user)
    form.fields = {
        name: form.fields[name]
        for name in register.batch_fields
        if name in form.fields and not form.fields[name].disabled
    }
    return form


def check(selection: Selection, edit: Edit) -> Outcome:
    """Return what the change would do, writing nothing."""
    with transaction.atomic():
        outcome = _run(selection, edit, write=False)
        transaction.set_rollback(True)
    return outcome


def apply(selection: Selection, edit: Edit, step: Step = lambda _done, _total: None) -> Outcome:
    """Change the records in one transaction; raises Refusals, review.Overtaken, Unclear or IntegrityError with nothing written."""
    with transaction.atomic():
        outcome = _run(selection, edit, write=True, step=step)
        if outcome.refusals and not edit.skip:
            raise Refusals(outcome)
        _summarise(selection, edit, outcome)
    return outcome


def _run(
    selection: Selection, edit: Edit, *, write: bool, step: Step = lambda _done, _total: None
) -> Outcome:
    register, user = selection.register, selection.user
    maker, rules = Maker(register, user), Constraints(register.model, rival="与所选的另一条重复")
    outcome = Outcome(total=len(selection.keys))
    for number, keys in enumerate(batched(selection.keys, BLOCK)):
        step(number * BLOCK, outcome.total)
        rows = register.rows(user).filter(pk__in=keys).order_by("pk")
        records = list(rows.select_for_update(of=("self",)))
        if write:
            review.require_seen(records, selection.seen)
        changed = _changed(records, maker, rules, edit, outcome)
        outcome.changed += len(changed)
        if changed and not outcome.shown:
            outcome.shown = comparing.text(register, changed[0][0], edit.field) or "（空）"
        if write:
            _write(register, changed, user, edit.reason)
    return outcome


def _changed(
    records: Iterable[models.Model], maker: Maker, rules: Constraints, edit: Edit, outcome: Outcome
) -> list[tuple[models.Model, bulk.Values]]:
    """Return the records that take the value, changed in memory, with their values before."""
    made: list[tuple[Made, bulk.Values, list[str]]] = []
    for record in records:
        before = bulk.values_of(record)
        found = maker.changed(record, {edit.field: edit.value})
        told = [message for messages in found.errors.values() for message in messages]
        if not told and bulk.values_of(record) == before:
            outcome.same += 1
        else:
            made.append((found, before, told))
    rules.check(
        [
            (
                one.instance,
                one.instance.pk,
                lambda _at, words, told=told: told.append(words),
            )
            for one, _, told in made
            if not told
        ]
    )
    for one, before, told in made:
        if told:
            outcome.refuse(type(one.instance)(**before), told)
    return [(one.instance, before) for one, before, told in made if not told]


def _write(
    register: Register, changed: Sequence[tuple[models.Model, bulk.Values]], user: User, reason: str
) -> None:
    for record, _ in changed:
        if isinstance(record, Record):
            record.stamp(user)
    if bulk.suits(register.model):
        bulk.change(changed, reason=reason)
        return
    for record, _ in changed:
        if isinstance(record, Record):
            record.take_turn()
        record.save()


def _summarise(selection: Selection, edit: Edit, outcome: Outcome) -> None:
    register = selection.register
    label = str(register.model._meta.get_field(edit.field).verbose_name)
    left_out = f"，跳过 {outcome.refusals} 条" if outcome.refusals else ""
    trail.record(
        trail.Action.CHANGED,
        changes={label: ["", outcome.shown], "条数": ["", str(outcome.changed)]},
        reason=f"批量修改{register.title}：“{label}”改为“{outcome.shown}”，{outcome.changed} 条{left_out}；"
        f"{selection.words}；原因：{edit.reason}",
    )


def step_of_review(selection: Selection, action: str) -> int:
    """Hand in or approve the chosen records in one transaction; return how many. Raises Unclear, review.Overtaken."""
    apply_step, kind, words = REVIEWS[action]
    with transaction.atomic():
        done = apply_step(selection.register, selection.keys, selection.user, seen=selection.seen)
        if done > 1:
            title = selection.register.title
            trail.record(kind, reason=f"批量{words}{title} {done} 条；{selection.words}")
    return done


# in the background ---------------------------------------------------------------------------------------


def start_edit(selection: Selection, edit: Edit) -> Job:
    """Change the records in the background."""
    words = {"field": edit.field, "value": edit.value, "reason": edit.reason, "skip": edit.skip}
    title = f"批量修改{selection.register.title}（{len(selection.keys)} 条）"
    return jobs.start(EDIT, title, selection.user, slug=selection.register.slug, **selection.params, **words)


def start_review(selection: Selection, action: str) -> Job:
    """Hand in or approve the records in the background."""
    title = f"批量{REVIEWS[action][2]}{selection.register.title}（{len(selection.keys)} 条）"
    return jobs.start(
        REVIEW, title, selection.user, slug=selection.register.slug, action=action, **selection.params
    )


@jobs.kind(EDIT)
def _edit(job: Job, progress: jobs.Progress) -> None:
    params = job.params
    selection = _selection(job)
    register = selection.register
    if not (register.may_see(job.owner) and register.may_enter(job.owner)):
        raise jobs.Refused("您已没有修改这个台账的权限。")
    edit = Edit(params["field"], params["value"], params["reason"], params["skip"])
    try:
        outcome = apply(selection, edit, lambda done, total: progress.step(done, total, "正在修改"))
    except Refusals as answer:
        raise jobs.Refused(refused_words(answer.outcome)) from answer
    except (Unclear, review.Overtaken, IntegrityError) as answer:
        words = (
            str(answer)
            if not isinstance(answer, IntegrityError)
            else "记录刚被他人修改，没有写入任何数据，请重试。"
        )
        raise jobs.Refused(words) from answer
    job.message = done_words(outcome)


@jobs.kind(REVIEW)
def _review(job: Job, progress: jobs.Progress) -> None:
    selection, action = _selection(job), job.params["action"]
    register = selection.register
    may = register.may_review if action == "approve" else register.may_enter
    if not (register.may_see(job.owner) and may(job.owner)):
        raise jobs.Refused("您已没有处理这个台账的权限。")
    progress.step(0, 0, "正在处理")
    try:
        done = step_of_review(selection, action)
    except (Unclear, review.Overtaken) as answer:
        raise jobs.Refused(str(answer)) from answer
    job.message = review_words(action, done, len(selection.keys))


def _selection(job: Job) -> Selection:
    return Selection.kept(REGISTERS[job.params["slug"]], job.owner, job.params)


def done_words(outcome: Outcome) -> str:
    """Say what was done."""
    rest = f"，{outcome.same} 条原本就是该值" if outcome.same else ""
    left = f"，跳过不符合规则的 {outcome.refusals} 条" if outcome.refusals else ""
    return f"已修改 {outcome.changed} 条{rest}{left}。"


def refused_words(outcome: Outcome) -> str:
    """Say that nothing was done, and why."""
    first = "；".join(f"{label}：{why}" for label, why in outcome.refused[:5])
    return f"有 {outcome.refusals} 条不符合规则，没有修改任何记录。{first}"


def review_words(action: str, done: int, total: int) -> str:
    """Say how many records took a step of review."""
    words = REVIEWS[action][2]
    rest = f"，其余 {total - done} 条状态不符，没有改动" if done < total else ""
    return f"已{words} {done} 条{rest}。"
