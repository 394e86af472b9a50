"""Plain makers of records for tests: keyword arguments with sensible defaults, approved unless said otherwise."""

from __future__ import annotations

from datetime import date
from itertools import count

from actions.models import (
    Academy,
    Assistance,
    AssistanceLaureate,
    Campaign,
    Craftsman,
    Event,
    FrozenReport,
    HeadcountReturn,
    Measure,
    Membership,
    Mentorship,
    Participation,
    ReportDraft,
    ServiceType,
    Studio,
    Target,
    Task,
    Team,
    TenOne,
    TenOneItem,
    Worker,
)
from models_app.models import (
    ActivityRecord,
    CareFile,
    Consent,
    GroupHonour,
    Honour,
    HonourTitle,
    Laureate,
    StatusChange,
)
from mofu.accounts.models import Organization, OrganizationKind, Role, User
from mofu.registers.id_numbers import check_digit
from mofu.registers.partial_dates import PartialDate
from mofu.registers.records import ReviewState

PASSWORD = "mofu-test-2026"
_number = count(1)


def made_id_number(*, birth="19750312", serial=None, male=True):
    """Return a valid ID number of the invented district 320999, never the one that templates show as an example."""
    serial = serial if serial is not None else next(_number) % 449 + 1
    first17 = f"320999{birth}{serial * 2 + (1 if male else 0):03d}"
    return first17 + check_digit(first17)


def city():
    """Return the root of the tree, made when missing."""
    found = Organization.everything.filter(parent=None).first()
    return found or make_org(name="盐城市总工会", code="320900", kind=OrganizationKind.CITY, parent=None)


def make_org(*, name="", kind=OrganizationKind.COUNTY, parent=..., code="", **values):
    number = next(_number)
    parent = city() if parent is ... else parent
    org = Organization(
        name=name or f"单位{number}", kind=kind, parent=parent, code=code or f"T{number:06}", **values
    )
    org.save()
    return org


def make_user(role=Role.CITY, org=..., *, username="", **values):
    """Return a staff member; city staff of the root, others of a new unit unless ``org`` is given (None: of none)."""
    if org is ...:
        org = city() if role in (Role.CITY, Role.LEADER, Role.AUDITOR, Role.ADMIN) else make_org()
    handles = {"handles_care": role in (Role.CITY, Role.COUNTY)}
    user = User(username=username or f"user{next(_number)}", role=role, organization=org, **handles | values)
    user.set_password(PASSWORD)
    user.save()
    return user


def _saved(record, defaults, values):
    for name, value in (defaults | values).items():
        setattr(record, name, value)
    record.save()
    return record


def _reviewed(values):
    return {"review_state": ReviewState.APPROVED} | values


def make_laureate(*, org=None, **values):
    defaults = {"name": f"劳模{next(_number)}", "category": "model", "org": org or make_org()}
    if "birth_date" in values:
        values["birth_date"] = PartialDate(values["birth_date"])
    return _saved(Laureate(), defaults, _reviewed(values))


def make_honour_title(**values):
    number = next(_number)
    defaults = {"code": f"T{number}", "name": f"荣誉称号{number}", "level": "L3", "kind": "model"}
    return _saved(HonourTitle(), defaults, values)


def make_honour(*, laureate=None, title=None, **values):
    defaults = {
        "laureate": laureate or make_laureate(),
        "title": title or make_honour_title(),
        "batch_year": 2024,
    }
    return _saved(Honour(), defaults, _reviewed(values))


def make_group_honour(*, org=None, title=None, **values):
    defaults = {"org": org or make_org(), "title": title or make_honour_title(kind="group"), "year": 2024}
    return _saved(GroupHonour(), defaults, _reviewed(values))


def make_activity_record(*, laureate=None, **values):
    defaults = {
        "laureate": laureate or make_laureate(),
        "date": date(2024, 6, 22),
        "kind": "volunteer",
        "title": "志愿服务",
    }
    return _saved(ActivityRecord(), defaults, _reviewed(values))


def make_status_change(*, laureate=None, **values):
    defaults = {
        "laureate": laureate or make_laureate(),
        "kind": "retired",
        "happened_on": PartialDate("2024-06"),
    }
    return _saved(StatusChange(), defaults, _reviewed(values))


def make_consent(*, laureate=None, **values):
    defaults = {
        "laureate": laureate or make_laureate(),
        "purpose": "archive",
        "notice_version": "2026年1月版",
        "agreed_on": date(2024, 6, 22),
    }
    return _saved(Consent(), defaults, values)


def make_care_file(*, laureate=None, agreed=True, **values):
    """Return a care file, by default with the separate consent it needs."""
    laureate = laureate or make_laureate()
    if agreed and not laureate.consents.filter(purpose="sensitive", withdrawn_on=None).exists():
        make_consent(laureate=laureate, purpose="sensitive")
    defaults = {"laureate": laureate, "assessed_on": date(2024, 6, 22)}
    return _saved(CareFile(), defaults, values)


def make_measure(*, code="enterprise", campaign="six-ins", **values):
    found = Measure.objects.filter(code=code).first()
    if found:
        return found
    parent, _ = Campaign.objects.get_or_create(code=campaign, defaults={"title": f"行动{campaign}"})
    return _saved(Measure(), {"campaign": parent, "code": code, "name": f"措施{code}"}, values)


def make_event(*, org=None, laureates=(), measures=(), tasks=(), part="speaker", **values):
    """Return an event, by default a session in an enterprise on 2024-06-22, with its participants."""
    defaults = {
        "title": f"活动{next(_number)}",
        "kind": "session",
        "destination": "enterprise" if values.get("kind", "session") == "session" else "",
        "date": date(2024, 6, 22),
        "org": org or make_org(),
    }
    event = _saved(Event(), defaults, _reviewed(values))
    for laureate in laureates:
        Participation(event=event, laureate=laureate, part=part).save()
    event.measures.set(measures)
    event.tasks.set(tasks)
    return event


def make_team(*, org=None, **values):
    defaults = {"name": f"团队{next(_number)}", "kind": Team.Kind.LECTURE, "org": org or city()}
    return _saved(Team(), defaults, values)


def make_membership(*, team=None, laureate=None, **values):
    defaults = {
        "team": team or make_team(),
        "laureate": laureate or make_laureate(),
        "joined_on": date(2024, 6, 22),
    }
    return _saved(Membership(), defaults, values)


def make_service_type(**values):
    return _saved(ServiceType(), {"name": f"服务{next(_number)}"}, values)


def make_assistance(*, org=None, enterprise=None, laureates=(), **values):
    """Return a closed assistance served on 2024-06-22 to an enterprise below ``org``."""
    org = org or make_org()
    defaults = {
        "org": org,
        "enterprise": enterprise or make_org(kind=OrganizationKind.ENTERPRISE, parent=org),
        "need": "焊接工艺改进",
        "stage": "done",
        "served_on": date(2024, 6, 22),
    }
    assistance = _saved(Assistance(), defaults, _reviewed(values))
    for laureate in laureates:
        AssistanceLaureate(assistance=assistance, laureate=laureate).save()
    return assistance


def make_studio(*, org=None, leader=None, **values):
    org = org or (leader.org if leader else make_org())
    defaults = {
        "name": f"创新工作室{next(_number)}",
        "org": org,
        "leader": leader or make_laureate(org=org),
        "category": "technical",
        "founder": "enterprise",
        "created_on": PartialDate("2024-06"),
    }
    return _saved(Studio(), defaults, _reviewed(values))


def make_worker(*, org=None, **values):
    if "birth_date" in values:
        values["birth_date"] = PartialDate(values["birth_date"])
    return _saved(Worker(), {"name": f"职工{next(_number)}", "org": org or make_org()}, values)


def make_mentorship(*, master=None, apprentice=None, org=None, **values):
    """Return a pair begun on 2024-06-22; ``org`` is the unit of the master and apprentice made for it."""
    master = master or make_laureate(org=org)
    defaults = {
        "master": master,
        "apprentice": apprentice or make_worker(org=master.org),
        "started_on": date(2024, 6, 22),
    }
    return _saved(Mentorship(), defaults, _reviewed(values))


def make_ten_one_item(number=1):
    found = TenOneItem.objects.filter(number=number).first()
    return found or _saved(TenOneItem(), {"number": number, "name": f"十个一第{number}项"}, {})


def make_ten_one(*, worker=None, org=None, item=1, **values):
    """Return a participation in 2024; ``item`` is the item's number or the item."""
    defaults = {
        "worker": worker or make_worker(org=org),
        "item": make_ten_one_item(item) if isinstance(item, int) else item,
        "year": 2024,
    }
    return _saved(TenOne(), defaults, _reviewed(values))


def make_headcount(*, org=None, item=1, **values):
    """Return a return of 30 people for June 2024; ``item`` is the item's number or the item."""
    defaults = {
        "org": org or make_org(),
        "item": make_ten_one_item(item) if isinstance(item, int) else item,
        "year": 2024,
        "month": 6,
        "people": 30,
    }
    return _saved(HeadcountReturn(), defaults, _reviewed(values))


def make_craftsman(*, org=None, **values):
    named = values.get("stage", "named") == "named"
    defaults = {
        "name": f"工匠{next(_number)}",
        "org": org or make_org(),
        "grade": Craftsman.Grade.YANCHENG,
        "stage": "named",
        "year": 2024,
        "named_on": date(2024, 6, 22) if named else None,
    }
    return _saved(Craftsman(), defaults, _reviewed(values))


def make_academy(*, org=None, **values):
    defaults = {
        "name": f"工匠学院{next(_number)}",
        "org": org or make_org(),
        "level": "city",
        "status": "named",
        "named_year": 2024,
        "named_on": PartialDate("2024-06-22"),
    }
    return _saved(Academy(), defaults, _reviewed(values))


def make_task(*, org=None, **values):
    number = next(_number)
    defaults = {
        "group": Task.Group.MAIN,
        "number": number % 10 + 1,
        "year": 2024,
        "name": f"任务{number}",
        "org": org or city(),
        "deadline": date(2024, 12, 31),
    }
    return _saved(Task(), defaults, values)


def make_target(*, org=None, **values):
    defaults = {
        "org": org or city(),
        "indicator": "six_ins.sessions",
        "year": 2024,
        "value": 2,
        "unit": "场",
        "period": Target.Period.MONTH,
    }
    return _saved(Target(), defaults, values)


def make_report_draft(*, org=None, **values):
    defaults = {
        "org": org or make_org(),
        "kind": "annual",
        "year": 2024,
        "span": "year",
        "title": "年度工作报告",
    }
    return _saved(ReportDraft(), defaults, values)


def make_frozen_report(*, org=None, **values):
    defaults = {
        "org": org or make_org(),
        "kind": "annual",
        "year": 2024,
        "span": "year",
        "title": "年度工作报告",
        "content": {},
        "frozen_by": make_user(),
    }
    return _saved(FrozenReport(), defaults, values)


def copy_of(record, **changes):
    """Return an unsaved record that says the same, but for ``changes``."""
    names = [field.attname for field in record._meta.concrete_fields if not field.primary_key]
    copy = type(record)(**{name: getattr(record, name) for name in names})
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy
