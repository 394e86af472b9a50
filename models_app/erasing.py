"""Erasing one person's data on request (PIPL Art. 47): what goes, what has to stay, and the deed itself.

An honour granted by the state is a public record: name, unit and honours stay, as do the association's own records of
what somebody did. What served to identify or reach the person goes, with the copies that can be found one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils.timezone import localtime

from models_app.models import CareFile, Consent, Laureate
from models_app.models.person import Person
from mofu.accounts import trail
from mofu.operations import purging
from mofu.registers import attachments, forgetting, own_files
from mofu.registers.models import Attachment, Merge
from mofu.registers.partial_dates import PartialDate
from mofu.registers.records import Record


@dataclass(frozen=True)
class Erasure:
    """What erasing a person's data means, in words: what goes (with what is there), what stays (with why)."""

    goes: list[tuple[str, str]]
    stays: list[tuple[str, str]]
    done_on: date | None  # when it was done already

    @property
    def done(self) -> bool:
        """Whether it was done and nothing has come since."""
        return self.done_on is not None and not self.goes


def erasure_of(person: Person) -> Erasure:
    """Return what would go and what would stay."""
    return Erasure(list(_going(person)), list(_staying(person)), person.erased_on)


@transaction.atomic
def erase(person: Person, *, reason: str, on: date) -> None:
    """Erase the data of a person and of the person's other rows, for good; the trail says so and holds no value.

    Done again, it removes what has come since.
    """
    merges = _merges(person)
    for row in [person, *_other_rows(person)]:
        names = [str(row._meta.get_field(name).verbose_name) for name in row.entered()]
        _blank(row, on)
        trail.record(trail.Action.ERASED, row, reason=f"{reason}；已删除：{'、'.join(names) or '无'}"[:500])
    for consent in _consents(person):
        discard_scans(consent)
        if consent.withdrawn_on is None:
            consent.withdrawn_on = max(on, consent.agreed_on)
            consent.save()
    discard(_care_files(person))
    forgetting.forget(merges)
    purging.empty_log_on_commit()


def closed_care_files(now: datetime) -> purging.Outdated:
    """Return the care files whose consent was withdrawn longer ago than their term."""
    limit = localtime(now).date() - timedelta(days=settings.RETENTION_DAYS["withdrawn"])
    files = CareFile.everything.closed_before(limit)
    return purging.Outdated("单独同意已撤回的关爱档案", files.count(), lambda: discard(files))


@transaction.atomic
def discard(files: Iterable[CareFile]) -> None:
    """Delete care files with their papers."""
    for file in files:
        discard_scans(file)
        file.delete()


def discard_scans(record: Record) -> None:
    """Delete the files of a record."""
    for scan in attachments.of(record):
        scan.delete()


def _going(person: Person) -> Iterator[tuple[str, str]]:
    for name in person.entered():
        year = f"只保留年份（{person.birth_date[:4]}年），用于统计"
        words = year if name == "birth_date" else "已登记，将清空"
        yield str(person._meta.get_field(name).verbose_name), words
    counted = (
        ("关爱档案（健康、困难、银行账号）", len(_care_files(person))),
        ("授权书扫描件和关爱档案附件", len(_scans(person))),
        ("同一人的其他登记（职工台账等）中的上述信息", len(_other_rows(person))),
        ("合并记录中封存的原值（此后不能撤销合并）", _merges(person).count()),
    )
    for title, count in counted:
        if count:
            yield title, f"{count} 份，将删除"


def _staying(person: Person) -> Iterator[tuple[str, str]]:
    if isinstance(person, Laureate):
        yield "姓名、单位、荣誉和主要事迹", "表彰决定是公开的国家（社会）荣誉记录，依法存档"
    else:
        yield "姓名、单位和参加活动的记录", "单位工作统计的依据"
    yield "授权和撤回的登记（不含扫描件）", "证明处理个人信息的依据；有效的授权同时登记为撤回"
    yield "审核、变动、活动等业务记录", "协会工作档案；其中备注如写有健康、家庭等情况，请先到该记录中改写"
    yield (
        "操作留痕",
        "网络安全法要求留存，到期归档；身份证号、电话、健康和困难从不写入，籍贯、备注等旧值只有审计员和系统管理员能查到",
    )
    days = settings.RETENTION_DAYS
    yield (
        "导入时封存的表格副本、导出文件",
        f"分别最长保留 {days['imports']} 天和 {days['results']} 天，到期自动清除",
    )
    yield "备份", "随备份轮换消失；如恢复了较早的备份，须重新执行本操作"


def _blank(person: Person, on: date) -> None:
    """Empty the columns without ``save()``: the trail would keep what it says was there before."""
    if photo := getattr(person, "photo", None):
        own_files.discard(photo)
    for name in person.erased_fields:
        setattr(person, name, "")
    person.birth_date = PartialDate(person.birth_date[:4]) if person.birth_date else person.birth_date
    person.erased_on = on
    person.derive()
    person.save_base(force_update=True)


def _other_rows(person: Person) -> list[Person]:
    """Return the person's linked rows that hold something to erase."""
    return [row for row in _linked(person) if row.erased_on is None or row.entered()]


def _linked(person: Person) -> list[Person]:
    """Return the rows of other registers that say they are this person (a worker's, linked to the laureate)."""
    found: list[Person] = []
    for relation in person._meta.related_objects:
        if issubclass(relation.related_model, Person):
            found += relation.related_model._base_manager.filter(**{relation.field.name: person.pk})
    return found


def _scans(person: Person) -> list[Attachment]:
    return [scan for paper in (*_consents(person), *_care_files(person)) for scan in attachments.of(paper)]


def _consents(person: Person) -> list[Consent]:
    return list(Consent.everything.filter(laureate=person)) if isinstance(person, Laureate) else []


def _care_files(person: Person) -> list[CareFile]:
    return list(CareFile.everything.filter(laureate=person)) if isinstance(person, Laureate) else []


def _merges(person: Person) -> models.QuerySet[Merge]:
    return forgetting.holding([person, *_linked(person)])
