"""Registers of the people floor; importing a module puts its register on the shelf, in the menu's order."""

from models_app.registers import (
    activity_records,  # isort: skip
    care_files,  # isort: skip
    consents,  # isort: skip
    group_honours,  # isort: skip
    honour_titles,  # isort: skip
    honours,  # isort: skip
    laureates,  # isort: skip
    status_changes,  # isort: skip
)

__all__ = [
    "activity_records",
    "care_files",
    "consents",
    "group_honours",
    "honour_titles",
    "honours",
    "laureates",
    "status_changes",
]
