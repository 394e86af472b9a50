"""Models of the people floor."""

from models_app.models.activity_record import ActivityKind, ActivityRecord
from models_app.models.care import CareFile, Hardship, Health
from models_app.models.consent import Consent, ConsentForm, ConsentPurpose, publicly_shown
from models_app.models.group_honour import GroupHonour
from models_app.models.honour import Honour
from models_app.models.honour_title import HonourKind, HonourLevel, HonourTitle
from models_app.models.laureate import Category, Education, Laureate, LaureateStatus, PoliticalStatus
from models_app.models.person import Sex
from models_app.models.skill import SkillLevel
from models_app.models.status_change import ChangeKind, StatusChange

__all__ = [
    "ActivityKind",
    "ActivityRecord",
    "CareFile",
    "Category",
    "ChangeKind",
    "Consent",
    "ConsentForm",
    "ConsentPurpose",
    "Education",
    "GroupHonour",
    "Hardship",
    "Health",
    "Honour",
    "HonourKind",
    "HonourLevel",
    "HonourTitle",
    "Laureate",
    "LaureateStatus",
    "PoliticalStatus",
    "Sex",
    "SkillLevel",
    "StatusChange",
    "publicly_shown",
]
