"""Units a workbook names and nobody has registered: one question for all rows that share the name."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from mofu.accounts.models import Organization, OrganizationKind, User
from mofu.registers.sheets.matching import PendingUnit
from mofu.registers.sheets.texts import squeezed

CREATE, SKIP, MAP = "create", "skip", "map:"
LONGEST = Organization._meta.get_field("name").max_length or 0
_CODE = re.compile(r"^[A-Za-z]?\d+$")
_KINDS = (
    (("村", "社区", "居委会"), OrganizationKind.VILLAGE),
    (("大学", "中学", "小学", "学校", "学院", "幼儿园", "技校", "职校"), OrganizationKind.SCHOOL),
    (
        (
            "医院",
            "局",
            "中心",
            "委员会",
            "卫生院",
            "研究院",
            "研究所",
            "办公室",
            "站",
            "院",
            "工会",
            "协会",
            "联合会",
            "政府",
            "办事处",
            "支队",
            "大队",
        ),
        OrganizationKind.INSTITUTION,
    ),
)


@dataclass
class Question:
    """What is to be done with an unknown unit: make it below ``parent``, map it to a known one, or skip its rows.

    ``answer`` is ``create``, ``skip``, ``map:<key>`` or empty while undecided; ``suggested`` stands in where the
    name itself says where the unit belongs (东台市… below 东台市). ``bar`` says why no unit of this text may be made.
    """

    text: str
    parent: Organization
    suggested: str = ""
    answer: str = ""
    rows: list[int] = field(default_factory=list)
    stand_in: Organization | None = None
    bar: str = ""
    mapped_unit: str = ""  # the name of the unit that the user chose instead

    @property
    def decision(self) -> str:
        """The user's answer, else the suggestion."""
        return self.answer or self.suggested

    @property
    def mapped(self) -> int | None:
        """The key of the unit that the user chose instead."""
        return mapped_key(self.answer)

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

    def as_json(self) -> dict[str, Any]:
        """Return the question for the command's report."""
        create = [] if self.bar else [f"在“{self.parent}”下新建"]
        return {
            "column": "单位",
            "value": self.text,
            "rows": self.rows,
            "message": f"单位“{self.text}”尚未登记",
            "options": [*create, "对应到已有单位", "跳过这些行"],
            "suggested": self.suggested,
            "answer": self.answer,
        }


class Units:
    """The questions of one import and their answers; ``rest`` answers all that the user has not answered singly.

    Below the city nothing out of sight is disclosed: a unit kept elsewhere is asked about like one that is nowhere kept.
    It is never made by a mere suggestion, so that a second one comes about only where somebody says so.
    """

    def __init__(self, user: User, answers: dict[str, str], reporting_unit: str = "", rest: str = "") -> None:
        self.user, self.answers, self.rest = user, answers, rest
        self.boards = list(Organization.objects.visible_to(user).boards())
        self.reporting = self._board_in(reporting_unit)
        self.questions: dict[str, Question] = {}
        self._foreign = self._foreign_heads()
        self._kept: set[str] = set()
        chosen = {key for answer in answers.values() if (key := mapped_key(answer))}
        seen = Organization.objects.visible_to(user).filter(pk__in=chosen) if chosen else ()
        self._mapped = {unit.pk: str(unit) for unit in seen}

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

    def forget(self, question: Question, row: int) -> None:
        """Take back that a row asks a question; what no row asks is not asked at all."""
        question.rows = [number for number in question.rows if number != row]
        if not question.rows:
            self.questions.pop(squeezed(question.text), None)

    def _ask(self, text: str, answer: str) -> Question:
        parent, bar = self._parent(text), self._bar(text)
        named = not bar and self._named_after(text, parent) and squeezed(text) not in self._kept
        question = Question(text, parent, CREATE if named else "", answer or self.rest, bar=bar)
        if question.mapped:
            question.mapped_unit = self._mapped.get(question.mapped, "")
            question.answer = question.answer if question.mapped_unit else ""
        if bar and question.answer == CREATE:
            question.answer = ""
        return question

    def _bar(self, text: str) -> str:
        """Return why no unit of this text may be made, judged by the text and what everybody knows, never by what is kept."""
        if _CODE.match(squeezed(text)):
            return "这是代码，不是单位名称，不能据此新建。"
        tight = squeezed(text)
        head = next((name for name in self._foreign if tight.startswith(name)), "")
        return f"名称以“{head}”开头，不属于“{self.user.organization}”，不能在其下新建。" if head else ""

    def _foreign_heads(self) -> list[str]:
        """Return the names of the other boards, for users of one: the list of the city's boards is public."""
        own = self.user.organization.path or ""
        boards = list(Organization.objects.unscoped("the names of the city's boards are public").boards())
        if self.user.is_city or not any(own.startswith(board.path or "-") for board in boards):
            return []
        return [board.name for board in boards if not own.startswith(board.path or "-")]

    def prefetch(self, texts: Iterable[str]) -> None:
        """Learn which of some names are kept where the user cannot see them; used only against making a second one."""
        names = {name for text in texts if (name := squeezed(text)).startswith(self.user.organization.name)}
        if self.user.is_city or not names:
            return
        rows = Organization.objects.unscoped("whether a name is taken: it is asked about, nothing is shown")
        self._kept |= set(rows.filter(name__in=names).values_list("name", flat=True))

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


def mapped_key(answer: str) -> int | None:
    """Return the key of the unit that an answer maps to, None for another answer."""
    key = answer.removeprefix(MAP)
    return int(key) if answer.startswith(MAP) and key.isdigit() else None


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
