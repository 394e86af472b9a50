"""Models of the actions floor."""

from actions.models.academy import Academy, AcademyLevel, AcademyStatus
from actions.models.assistance import (
    Assistance,
    AssistanceLaureate,
    NeedKind,
    Satisfaction,
    ServiceType,
    Stage,
)
from actions.models.campaign import Campaign, Measure
from actions.models.craftsman import Craftsman, CraftsmanGrade, CraftsmanStage
from actions.models.event import Destination, Event, EventKind, EventPart, Participation
from actions.models.headcount import HeadcountReturn
from actions.models.mentorship import AppraisalGrade, Mentorship, MentorshipNote
from actions.models.programme import ProgrammeSettings
from actions.models.report import FrozenFile, FrozenReport, PaperSettings, ReportDraft, ReportEdit
from actions.models.studio import (
    Founder,
    OutcomeKind,
    Studio,
    StudioCategory,
    StudioLevel,
    StudioMember,
    StudioOutcome,
    StudioStatus,
)
from actions.models.target import Comparator, Target, TargetPeriod
from actions.models.task import Task, TaskGroup, TaskNote, TaskState, TaskStep
from actions.models.team import Membership, Team, TeamKind
from actions.models.ten_one import LeadKind, TenOne, TenOneItem
from actions.models.ten_one_summary import TenOneMonth, TenOneYear, UnitYear, WorkerYear
from actions.models.worker import Worker

__all__ = [
    "Academy",
    "AcademyLevel",
    "AcademyStatus",
    "AppraisalGrade",
    "Assistance",
    "AssistanceLaureate",
    "Campaign",
    "Comparator",
    "Craftsman",
    "CraftsmanGrade",
    "CraftsmanStage",
    "Destination",
    "Event",
    "EventKind",
    "EventPart",
    "Founder",
    "FrozenFile",
    "FrozenReport",
    "HeadcountReturn",
    "LeadKind",
    "Measure",
    "Membership",
    "Mentorship",
    "MentorshipNote",
    "NeedKind",
    "OutcomeKind",
    "PaperSettings",
    "Participation",
    "ProgrammeSettings",
    "ReportDraft",
    "ReportEdit",
    "Satisfaction",
    "ServiceType",
    "Stage",
    "Studio",
    "StudioCategory",
    "StudioLevel",
    "StudioMember",
    "StudioOutcome",
    "StudioStatus",
    "Target",
    "TargetPeriod",
    "Task",
    "TaskGroup",
    "TaskNote",
    "TaskState",
    "TaskStep",
    "Team",
    "TeamKind",
    "TenOne",
    "TenOneItem",
    "TenOneMonth",
    "TenOneYear",
    "UnitYear",
    "Worker",
    "WorkerYear",
]
