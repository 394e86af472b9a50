"""Units a workbook names and nobody has registered: one question for all rows that share the name."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from mofu.accounts.models import Organization, OrganizationKind, User
from mofu.registers.sheets.matching import PendingUnit
from mofu.registers.sheets.texts import squeezed

CREATE, SKIP, MAP = "create", "skip", "map:"
LONGEST = Organization._meta.get_field("name").max_length or 0
_KINDS = (
    (("村", "社区", "居委会"), OrganizationKind.VILLAGE),
    (("大学", "中学", "小学", "学校", "学院", "幼儿园", "技校", "职校"), OrganizationKind.SCHOOL),
    (
        ("医院", "局", "中心", "委员会", "卫生院", "研究院", "研究所", "办公室", "站", "院"),
        OrganizationKind.INSTITUTION,
    ),
)


@dataclass
class Question:
    """What is to be done with an unknown unit: make it below ``parent``, map it to a known one, or skip its rows.

    ``answer`` is ``create``, ``skip``, ``map:<key>`` or empty while undecided; ``suggested`` stands in where the
    name itself says where the unit belongs (东台市… below 东台市).
    """

    text: str
    parent: Organization
    suggested: str = ""
    answer: str = ""
    rows: list[int] = field(default_factory=list)
    stand_in: Organization | None = None

    @property
    def decision(self) -> str:
        """The user's answer, else the suggestion."""
        return self.answer or self.suggested

    @property
    def mapped(self) -> int | None:
        """The key of the unit that the user chose instead."""
        key = self.answer.removeprefix(MAP)
        return int(key) if self.answer.startswith(MAP) and key.isdigit() else None

    @property
    def refusal(self) -> str:
        """Why a unit of this name cannot be made, empty where it can or need not."""
        if len(self.text) <= LONGEST or self.mapped or self.answer == SKIP:
            return ""
        return f"单位名称不能超过 {LONGEST} 个字（现有 {len(self.text)} 个字），请改短，或对应到已有单位。"

    @property
    def pending(self) -> PendingUnit:
        """The unit that is still to be made, the same object for all rows that name it."""
        if self.stand_in is None:
            self.stand_in = Organization(name=self.text, kind=self.kind, parent=self.parent)
        return PendingUnit(self.text, self.stand_in)

    @property
    def kind(self) -> str:
        """What kind of unit the name suggests."""
        return kind_of(self.text)

    @property
    def kind_label(self) -> str:
        """The kind in Chinese."""
        return OrganizationKind(self.kind).label

    @property
    def mapped_unit(self) -> str:
        """The name of the unit that the user chose instead; it was checked to be in sight."""
        found = Organization.objects.unscoped("the answer was checked").filter(pk=self.mapped).first()
        return str(found or "")

    def as_json(self) -> dict[str, Any]:
        """Return the question for the command's report."""
        return {
            "column": "单位",
            "value": self.text,
            "rows": self.rows,
            "message": f"单位“{self.text}”尚未登记",
            "options": [f"在“{self.parent}”下新建", "对应到已有单位", "跳过这些行"],
            "suggested": self.suggested,
            "answer": self.answer,
        }


class Units:
    """The questions of one import and their answers."""

    def __init__(self, user: User, answers: dict[str, str], reporting_unit: str = "") -> None:
        self.user = user
        self.answers = answers
        self.boards = list(Organization.objects.visible_to(user).boards())
        self.reporting = self._board_in(reporting_unit)
        self.questions: dict[str, Question] = {}

    @property
    def home(self) -> Organization:
        """The unit that rows without a unit belong to: the reporting one, else the user's own."""
        return self.reporting or self.user.organization

    def question(self, text: str, row: int) -> Question:
        """Return the question about a unit's name, asked once, with ``row`` among its rows."""
        key = squeezed(text)
        if key not in self.questions:
            self.questions[key] = self._ask(text.strip(), self.answers.get(key, ""))
        found = self.questions[key]
        if not found.rows or found.rows[-1] != row:
            found.rows.append(row)
        return found

    def _ask(self, text: str, answer: str) -> Question:
        parent = self._parent(text)
        suggested = CREATE if self._named_after(text, parent) else ""
        question = Question(text, parent, suggested, answer)
        if question.mapped and not self._visible(question.mapped):
            question.answer = ""
        return question

    def _visible(self, pk: int) -> bool:
        return Organization.objects.visible_to(self.user).filter(pk=pk).exists()

    def _parent(self, text: str) -> Organization:
        """Return where a new unit goes: a county's below itself, the city's below the board the file or name says."""
        return self._board_in(text) or self.home

    def _board_in(self, text: str) -> Organization | None:
        tight = squeezed(text)
        return next(
            (
                board
                for board in self.boards
                if tight.startswith((board.name, board.short_name or board.name))
            ),
            None,
        )

    def _named_after(self, text: str, parent: Organization) -> bool:
        return squeezed(text).startswith(parent.name) and parent in (*self.boards, self.user.organization)


def kind_of(name: str) -> str:
    """Return the kind a unit's name suggests, an enterprise where it suggests none."""
    return next((kind for endings, kind in _KINDS if name.endswith(endings)), OrganizationKind.ENTERPRISE)


def create(questions: list[Question], needed: Container[int]) -> list[Organization]:
    """Make the units that were agreed on and that some row needs (``id()`` of their stand-ins), in the caller's transaction."""
    made = []
    for question in questions:
        if question.decision == CREATE and id(question.stand_in) in needed:
            unit = question.pending.unit
            unit.full_clean(exclude=("code",))
            unit.save()
            made.append(unit)
    return made
