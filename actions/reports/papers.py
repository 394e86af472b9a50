"""师徒结对协议书 and 聘书, filled from the records of mentorships and of team memberships."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from actions.models import Membership, Mentorship
from mofu.documents.report import Block, Form, FormCell, Paragraph, Report, Section
from mofu.documents.values import long_date

_OPEN = "双方协商一致解除之日"


def agreements(pairs: Sequence[Mentorship], day: date) -> Report:
    """Return one agreement for each pair, with room for both to sign and for their units to stamp."""
    title = f"师徒结对协议书（{pairs[0]}）" if len(pairs) == 1 else f"师徒结对协议书（{len(pairs)}份）"
    return _leaves(title, [list(_agreement(pair)) for pair in pairs], day)


def appointments(memberships: Sequence[Membership], issuer: str, day: date) -> Report:
    """Return one letter of appointment (聘书) for each membership."""
    one = len(memberships) == 1
    title = f"聘书（{memberships[0].laureate}）" if one else f"聘书（{len(memberships)}份）"
    return _leaves(title, [list(_appointment(found, issuer)) for found in memberships], day)


def _leaves(title: str, papers: Sequence[list[Block]], day: date) -> Report:
    sections = [Section("", blocks=blocks, numbered=False, new_page=True) for blocks in papers]
    return Report(title, "", "", day, sections, loose_leaves=True)


def _agreement(pair: Mentorship) -> Iterator[Block]:
    master = pair.master
    apprentice_unit = str(pair.apprentice.org.name) if pair.apprentice_id else ""
    apart = bool(pair.apprentice_id) and pair.apprentice.org_id != master.org_id
    yield Paragraph("师徒结对协议书", look="title")
    if pair.agreement_no:
        yield Paragraph(f"协议编号：{pair.agreement_no}", look="centre")
    yield Form(
        (18, 40, 18, 60),
        [
            (10, [*_pair("师傅", master.name), *_pair("工作单位", master.org.name)]),
            (10, [*_pair("徒弟", pair.apprentice_shown), *_pair("工作单位", apprentice_unit)]),
            (10, [*_pair("所在工作室", str(pair.studio or "")), *_pair("徒弟原技能等级", pair.get_level_before_display() or "")]),
        ],
    )  # fmt: skip
    yield Paragraph(
        _TERMS.format(
            begun=long_date(pair.started_on),
            until=_until(pair.ends_on),
            goal=pair.goal or _NO_GOAL,
            **(_TWO_UNITS if apart else _ONE_UNIT),
        ),
        look="small" if len(pair.goal) > _SHORT else "body",
    )
    sides = ("师傅所在单位", "徒弟所在单位") if apart else ("所在单位",)
    signed = [FormCell(f"{name}\n\n签字：\n年　月　日") for name in ("师傅", "徒弟")]
    stamped = [FormCell(f"{name}\n\n（盖章）\n年　月　日") for name in sides]
    cells = [*signed, *stamped]
    yield Form([1] * len(cells), [(34, cells)])


_ONE_UNIT = {"units": "所在单位", "copies": "三"}
_TWO_UNITS = {"units": "双方所在单位", "copies": "四"}
_SHORT = 120  # characters of a goal with which the agreement fits on its page in letters of 3号
_NO_GOAL = "由师徒双方商定。"
_TERMS = """一、结对期限。自{begun}起，至{until}止。
二、目标任务。{goal}
三、师傅职责。言传身教，传授职业道德、操作技能和工作方法；制定培训计划并按月记录带徒情况。
四、徒弟职责。尊敬师傅，勤学苦练，按计划完成学习任务，遵守安全规程和劳动纪律。
五、考核。期满由{units}组织考核，考核等次为优秀、合格、不合格，结果记入师徒结对台账。
六、解除。一方调离或双方协商一致，经{units}同意可以解除。
本协议一式{copies}份，师徒双方和{units}各执一份。"""  # facts.md B.6: relation, goals, plan, appraisal, span, ending


def _pair(label: str, text: str) -> list[FormCell]:
    return [FormCell(label, is_label=True), FormCell(text)]


def _until(day: date | None) -> str:
    return long_date(day) if day else _OPEN


def _appointment(membership: Membership, issuer: str) -> Iterator[Block]:
    position = membership.position or "成员"
    span = f"自{long_date(membership.joined_on)}起"
    span += f"至{long_date(membership.left_on)}止" if membership.left_on else ""
    yield Paragraph("   ", look="space")
    yield Paragraph("聘　书", look="title")
    yield Paragraph(" ", look="space")
    yield Paragraph(f"{membership.laureate.name}同志：", look="flush")
    yield Paragraph(f"兹聘请您为{membership.team.name}{position}，聘期{span}。")
    yield Paragraph("特发此证。")
    yield Paragraph("  ", look="space")
    yield Paragraph(issuer, look="signed")
    yield Paragraph(long_date(membership.joined_on), look="signed")
