"""“六进”行动: the lecture corps of 50 and its sessions in six kinds of places (programme.txt, action 1)."""

from django.db.models import Exists, OuterRef, QuerySet, Sum

from actions.models import Destination, Event, Membership, Participation, TeamKind
from actions.progress.indicator import Rows, indicator
from actions.progress.within import Within
from models_app.models import Laureate


@indicator("six_ins.speakers", "宣讲服务团现有人数", "人", "memberships", home="laureate__org", standing=True)
def speakers(within: Within) -> QuerySet:
    """Current members of the 宣讲服务团 who are alive and keep their honour."""
    in_standing = Laureate.objects.unscoped("standing of members already in scope").in_good_standing()
    members = within.records(Membership).current(within.as_of)
    return members.of_kind(TeamKind.LECTURE).filter(Exists(in_standing.filter(pk=OuterRef("laureate"))))


@indicator("six_ins.sessions", "六进宣讲服务场次", "场", "events", dated="date")
def sessions(within: Within) -> QuerySet:
    """Sessions of all six kinds."""
    return within.dated(Event).sessions()


@indicator(
    "six_ins.silent", "本年尚未宣讲的宣讲团成员", "人", "memberships", home="laureate__org", beside=True
)
def silent(within: Within) -> QuerySet:
    """Current members of the corps who took part in none of the period's sessions, wherever these were held."""
    why = "whether somebody spoke is told by the sessions, wherever they were held"
    held = within.known(Event.objects.unscoped(why)).approved().sessions().dated(within.period)
    spoke = Participation.objects.filter(event__in=held.values("pk"))
    return speakers(within).exclude(laureate__in=spoke.values("laureate"))


def _going_to(destination: Destination) -> Rows:
    def rows(within: Within) -> QuerySet:
        return within.dated(Event).sessions(destination)

    rows.__doc__ = f"Sessions whose destination is {destination.label}."
    return rows


indicator(
    "six_ins.sessions_online",
    "进网络授课场次（另一口径）",
    "场",
    "events",
    dated="date",
    only_with_target=True,
)(_going_to(Destination.ONLINE))
for _destination in Destination:
    _code, _label = f"six_ins.{_destination.value}", f"{_destination.label}场次"
    indicator(_code, _label, "场", "events", dated="date")(_going_to(_destination))


@indicator("six_ins.audience", "宣讲受众", "人次", "events", measure=Sum("audience"), dated="date")
def audience(within: Within) -> QuerySet:
    """Listeners of all sessions."""
    return sessions(within)
