"""The kinds of reports, one declaration each: what it is, which spans and formats it has, who may make it, how it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Q, QuerySet

from actions.models import Campaign, Membership, Mentorship, PaperSettings
from actions.reports import papers, registration, rosters, single
from actions.reports.annual import annual_report
from actions.reports.circular import circular
from actions.reports.orders import Order, OrderError, OutOfSight
from actions.reports.spans import SPANS, SpanKind
from models_app.models import Laureate
from mofu.accounts.models import User
from mofu.accounts.policy import Right, may
from mofu.documents.report import Report
from mofu.registers.marks import Mark
from mofu.registers.records import ReviewState

Step = Callable[[int, int], None]
Build = Callable[[Order, Step | None], Report]
Group = Literal["报告和通报", "表册", "文书"]
PAPER = ("pdf", "docx")
ALL = ("pdf", "docx", "xlsx")
AT_ONCE = 20  # forms and papers made while the user waits; more are made in the background


@dataclass(frozen=True)
class Kind:
    """One kind of report.

    ``issued``: a text of the unit that is edited, numbered and frozen; ``addressed``: it names whom it is sent to.
    ``of_city``: it is the city's, whoever reads it, and only who may issue for the city changes it.
    ``records`` names the register whose records it is filled from, ``subjects`` gives what it may be about (value and
    label). ``personal``: it names people, so that seeing records is needed, not only figures. ``certificate``: a paper that
    people keep, which bears no more of who made it than its number. ``from_city``: the association signs it, so that only who
    may issue for the city makes it.
    """

    code: str
    title: str
    purpose: str
    group: Group
    build: Build
    spans: tuple[SpanKind, ...] = ()
    suffixes: tuple[str, ...] = ALL
    issued: bool = False
    addressed: bool = False
    of_city: bool = False
    personal: bool = False
    certificate: bool = False
    from_city: bool = False
    records: str = ""
    subjects: Callable[[], Sequence[tuple[str, str]]] | None = None

    @property
    def span_codes(self) -> list[str]:
        """The codes of all its spans."""
        return [code for kind in self.spans for code in SPANS[kind]]

    def may_see(self, user: User) -> bool:
        """Whether ``user`` may look at it: figures, or where people are named their records."""
        issues = not self.from_city or may(user, Right.ENTER_CITY)
        return issues and may(user, Right.SEE_RECORDS if self.personal else Right.SEE_PROGRESS)

    def may_make(self, user: User) -> bool:
        """Whether ``user`` may take it out as a file."""
        return self.may_see(user) and may(user, Right.EXPORT)

    def foot(self, mark: Mark) -> str:
        """What the foot of every page says of who made the file; a 公文 bears its page number there alone."""
        if self.certificate:
            return f"编号：{mark.code}"
        return mark.words if self.personal else ""

    def may_issue(self, user: User) -> bool:
        """Whether ``user`` may edit its text, number and freeze it."""
        right = Right.ENTER_CITY if self.of_city else Right.ENTER
        return self.issued and self.may_make(user) and may(user, right)


def _people(order: Order) -> QuerySet[Laureate]:
    """The people asked for, drafts included where they were named one by one; else those of the unit who count."""
    people = Laureate.objects.visible_to(order.user)
    chosen = people.filter(pk__in=order.pks) if order.pks else rosters.laureates_of(order.frame)
    return registration.with_parts(_all_there(order, chosen)).order_by("org__path", "name_key", "pk")


def _pairs(order: Order) -> QuerySet[Mentorship]:
    rows = Mentorship.objects.visible_to(order.user)
    running = order.frame.within().records(Mentorship).running(order.today)
    chosen = rows.filter(pk__in=order.pks) if order.pks else running.filter(_approved("master"))
    _refuse_pending(chosen, chosen.filter(_approved("", "master")), order.kind)
    return _all_there(order, chosen).select_related("master__org", "apprentice__org", "studio").order_by("pk")


def _memberships(order: Order) -> QuerySet[Membership]:
    rows = Membership.objects.visible_to(order.user)
    current = rows.at_home(order.frame.path).current(order.today)
    chosen = rows.filter(pk__in=order.pks) if order.pks else current.filter(_approved("laureate"))
    _refuse_pending(chosen, chosen.filter(_approved("laureate")), order.kind)
    return _all_there(order, chosen).select_related("laureate", "team").order_by("team__kind", "pk")


def _approved(*paths: str) -> Q:
    """The condition that the record itself (an empty path), or who it is about, was approved."""
    found = Q()
    for path in paths:
        found &= Q(**{f"{path}__review_state".removeprefix("__"): ReviewState.APPROVED})
    return found


def _refuse_pending(rows: QuerySet, approved: QuerySet, kind: Kind) -> None:
    """Nobody is handed a certificate of what was not approved."""
    pending = list(rows.exclude(pk__in=approved.values("pk"))[:4])
    if pending:
        named = "、".join(f"“{one}”" for one in pending[:3]) + ("等" if len(pending) > 3 else "")
        raise OrderError(f"{named}尚未审核通过，不能打印{kind.title}。请先送审，审核通过后再打印。")


def _all_there[Q: QuerySet](order: Order, rows: Q) -> Q:
    found = rows.count()
    if order.pks and found != len(order.pks):
        raise OutOfSight("所选记录不存在，或不在您的查看范围内。")
    if not found:
        raise OrderError("没有符合条件的记录。")
    return rows


RECORDS: dict[str, Callable[[Order], QuerySet]] = {
    "laureates": _people, "mentorships": _pairs, "memberships": _memberships,
}  # fmt: skip


def is_long(order: Order) -> bool:
    """Whether the order takes longer than a user waits: many forms, or a roster of many pages; OutOfSight as for making it."""
    if order.kind.records:
        return RECORDS[order.kind.records](order).count() > AT_ONCE
    return (
        order.kind.code in ("roster", "public-roster")
        and rosters.laureates_of(order.frame).count() > AT_ONCE * 50
    )


def _board(order: Order, _step: Step | None) -> Report:
    if order.is_city:
        raise OrderError("请选择板块或单位；全市情况请用年度工作报告。")
    return single.board_report(order.frame, order.span)


def _action(order: Order, _step: Step | None) -> Report:
    return single.action_report(order.frame, order.span, Campaign.objects.get(code=order.subject))


def _campaigns() -> list[tuple[str, str]]:
    return list(Campaign.objects.order_by("sort").values_list("code", "title"))


def _forms(order: Order, step: Step | None) -> Report:
    return registration.registration_forms(
        list(_people(order)), order.today, in_full=order.in_full, step=step
    )


def _letters(order: Order, _step: Step | None) -> Report:
    return papers.appointments(list(_memberships(order)), PaperSettings.current().issuer, order.today)


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("annual", "年度工作报告", "五大行动、双十任务全年情况，含目标完成、板块排名、问题和下一步工作", "报告和通报",
             lambda order, _: annual_report(order.frame), ("year",), issued=True),
        Kind("circular", "进展通报（督查通报）", "半年、季度或月度进展，排名到板块，点名到问题", "报告和通报",
             lambda order, _: circular(order.frame, order.span), ("quarter", "half", "month", "year"), issued=True, addressed=True),
        Kind("board", "板块工作报告", "一个县（市、区）、功能区或单位的五大行动情况", "报告和通报", _board,
             ("year", "half", "quarter", "month"), issued=True),
        Kind("action", "五大行动单项报告", "一项行动的目标、分板块和分月情况", "报告和通报", _action,
             ("year", "half", "quarter", "month"), issued=True, subjects=_campaigns),
        Kind("tasks", "双十任务清单进展表", "“十项”任务和助力十项的责任、时限、进展", "报告和通报",
             lambda order, _: single.task_report(order.frame, order.span), ("year",), issued=True, of_city=True),
        Kind("roster", "劳模工匠花名册", "保持荣誉的劳模工匠名册，含主要荣誉", "表册",
             lambda order, _: rosters.laureate_roster(order.frame), personal=True),
        Kind("public-roster", "劳模工匠名录（对外公布）", "供宣传、展陈和对外公布使用，只含姓名、单位和荣誉，不含已撤回宣传授权的人员", "表册",
             lambda order, _: rosters.public_roster(order.frame), personal=True),
        Kind("studios", "创新工作室汇总表", "在册的劳模工匠创新工作室，含成员数和成果数", "表册",
             lambda order, _: rosters.studio_roster(order.frame), personal=True),
        Kind("registration", "劳模工匠登记表", "一人一页 A4，含照片、荣誉、事迹；可批量生成", "文书", _forms,
             suffixes=PAPER, personal=True, records="laureates"),
        Kind("agreement", "师徒结对协议书", "按师徒结对记录填写，供双方签字", "文书",
             lambda order, _: papers.agreements(list(_pairs(order)), order.today), suffixes=PAPER, personal=True, certificate=True, records="mentorships"),
        Kind("appointment", "聘书", "按团队成员记录填写，聘为宣讲服务团、技术服务队、志愿服务团成员", "文书", _letters,
             suffixes=PAPER, personal=True, certificate=True, from_city=True, records="memberships"),
    )
}  # fmt: skip
