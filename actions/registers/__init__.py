"""Registers of the actions floor; importing a module puts its register on the shelf, in the menu's order."""

from actions.registers import (
    academies,  # isort: skip
    assistance,  # isort: skip
    craftsmen,  # isort: skip
    events,  # isort: skip
    headcounts,  # isort: skip
    memberships,  # isort: skip
    mentorships,  # isort: skip
    studios,  # isort: skip
    targets,  # isort: skip
    tasks,  # isort: skip
    teams,  # isort: skip
    ten_ones,  # isort: skip
    workers,  # isort: skip
)

__all__ = [
    "academies",
    "assistance",
    "craftsmen",
    "events",
    "headcounts",
    "memberships",
    "mentorships",
    "studios",
    "targets",
    "tasks",
    "teams",
    "ten_ones",
    "workers",
]
