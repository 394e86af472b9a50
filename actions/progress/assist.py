"""“助企行”行动: 百名劳模进百家企业, and the six customary figures (facts.md B.3)."""

from django.db.models import Count, Q, QuerySet, Sum

from actions.models import Assistance, NeedKind, Stage
from actions.progress.indicator import indicator
from actions.progress.people import chains
from actions.progress.slices import cut
from actions.progress.within import Within
from models_app.models import Laureate
from mofu.accounts.models import Organization

_WHY = "who took part is told by the person's own file, wherever the service took place"


def _done(within: Within) -> QuerySet:
    return within.known(Assistance.objects.unscoped(_WHY)).approved().served().dated(within.period)


@indicator("assist.laureates", "服务企业的劳模工匠", "人", "laureates")
def laureates(within: Within) -> QuerySet:
    """Distinct laureates who served an enterprise in the period."""
    return within.records(Laureate).filter(pk__in=_done(within).values("helpers__laureate"))


@indicator("assist.enterprises", "服务企业", "家", "organizations", home="self")
def enterprises(within: Within) -> QuerySet:
    """Distinct enterprises served in the period."""
    units = Organization.objects.visible_to(within.user).within(within.path)
    return units.filter(pk__in=_done(within).values("enterprise"))


def services(within: Within) -> QuerySet:
    """Services rendered in the period."""
    return within.dated(Assistance).served()


@indicator(
    "assist.problems",
    "解决现场技术问题",
    "个",
    "assistance",
    measure=Sum("problems_solved"),
    dated="served_on",
)
def problems(within: Within) -> QuerySet:
    """Technical problems solved on the spot."""
    return services(within)


@indicator("assist.trained", "培训职工", "人", "assistance", measure=Sum("trained"), dated="served_on")
def trained(within: Within) -> QuerySet:
    """Workers trained."""
    return services(within)


@indicator("assist.skilled", "提升职工技能", "人次", "assistance", measure=Sum("skilled"), dated="served_on")
def skilled(within: Within) -> QuerySet:
    """Workers whose skill was raised."""
    return services(within)


@indicator(
    "assist.participations", "参加劳模工匠", "人次", "assistance", measure=Count("helpers"), dated="served_on"
)
def participations(within: Within) -> QuerySet:
    """Laureates taking part, each time counted."""
    return services(within)


@indicator(
    "assist.benefit",
    "产生或节约经济效益",
    "万元",
    "assistance",
    measure=Sum("benefit_wan"),
    dated="served_on",
)
def benefit(within: Within) -> QuerySet:
    """Economic benefit in 万元."""
    return services(within)


@indicator("assist.cases", "企业需求与服务", "件", "assistance", beside=True)
def cases(within: Within) -> QuerySet:
    """Needs that wait for their service, and services rendered in the period."""
    waiting = Q(served_on__isnull=True)
    return within.records(Assistance).filter(
        waiting | Q(served_on__gte=within.period.start, served_on__lte=within.period.end)
    )


@indicator("assist.waiting", "待匹配的企业需求", "件", "assistance", beside=True)
def waiting(within: Within) -> QuerySet:
    """Needs nobody was matched with yet."""
    return within.records(Assistance).filter(stage=Stage.NEED)


STAGE = cut("assist.cases", "stage", "办理阶段", lambda: dict(Stage.choices))
NEED_KIND = cut("assist.cases", "need_kind", "需求类别", lambda: dict(NeedKind.choices))
CHAIN = cut("assist.enterprises", "chain", "产业链", chains)
