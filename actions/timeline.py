"""What the actions add to a laureate's timeline: events, assistance, studios, apprentices, ten-ones led, teams."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count

from actions.models import (
    AssistanceLaureate,
    Membership,
    Mentorship,
    Participation,
    Studio,
    StudioMember,
    TenOne,
)
from models_app.models import Laureate
from models_app.timeline import Moment


def events(laureate: Laureate) -> Iterable[Moment]:
    """Events the laureate took part in."""
    for part in Participation.objects.filter(laureate=laureate).select_related("event"):
        yield Moment(
            str(part.event.date),
            part.event.get_kind_display(),
            f"{part.event.title}（{part.get_part_display()}）",
            part.event,
        )


def assistance(laureate: Laureate) -> Iterable[Moment]:
    """Enterprises helped."""
    for part in AssistanceLaureate.objects.filter(laureate=laureate).select_related("assistance__enterprise"):
        done = part.assistance
        yield Moment(
            str(done.served_on or done.requested_on or ""),
            "助企服务",
            f"{done.enterprise}：{done.need}",
            done,
        )


def studios(laureate: Laureate) -> Iterable[Moment]:
    """Studios led or belonged to."""
    for studio in Studio.everything.filter(leader=laureate):
        yield Moment(str(studio.created_on), "创新工作室", f"领衔创建{studio.name}", studio)
    for member in StudioMember.objects.filter(laureate=laureate).select_related("studio"):
        yield Moment(
            str(member.joined_on or member.studio.created_on),
            "创新工作室",
            f"加入{member.studio.name}",
            member.studio,
        )


def mentorships(laureate: Laureate) -> Iterable[Moment]:
    """Apprentices taken."""
    for pair in Mentorship.everything.filter(master=laureate).select_related("apprentice"):
        yield Moment(str(pair.started_on), "师带徒", f"收徒{pair.apprentice_shown}", pair)


def ten_ones_led(laureate: Laureate) -> Iterable[Moment]:
    """Workers led in the ten ones, by year and way: one line each, not one per worker."""
    led = TenOne.everything.filter(led_by=laureate).order_by()
    for row in led.values("year", "lead_kind").annotate(n=Count("worker", distinct=True)):
        way = dict(TenOne._meta.get_field("lead_kind").flatchoices).get(row["lead_kind"], "引领")
        yield Moment(str(row["year"]), "双争引领", f"{way}，带动职工 {row['n']} 人")


def teams(laureate: Laureate) -> Iterable[Moment]:
    """Teams joined and left."""
    for membership in Membership.everything.filter(laureate=laureate).select_related("team"):
        yield Moment(str(membership.joined_on), "团队", f"加入{membership.team}", membership)
        if membership.left_on:
            yield Moment(str(membership.left_on), "团队", f"退出{membership.team}", membership)


def current_teams(laureate: Laureate, on: date) -> Iterable[str]:
    """The teams the laureate belongs to on a day."""
    for membership in Membership.everything.filter(laureate=laureate).current(on).select_related("team"):
        yield f"{membership.team}{membership.position}"


SOURCES = (events, assistance, studios, mentorships, ten_ones_led, teams)
