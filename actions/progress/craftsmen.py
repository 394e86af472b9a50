"""培育工匠行动: academies named, craftsmen trained, nominations (programme.txt, action 4; plan 2024—2028)."""

from django.db.models import QuerySet

from actions.models import Academy, Craftsman, CraftsmanGrade, CraftsmanStage
from actions.progress.indicator import indicator
from actions.progress.slices import cut
from actions.progress.within import Within


@indicator("craftsmen.academies", "命名盐城工匠学院", "家", "academies", dated="named_on")
def academies(within: Within) -> QuerySet:
    """Academies named in the period."""
    return within.dated(Academy, "named_on").named()


@indicator("craftsmen.trained", "培育盐城工匠", "名", "craftsmen", dated="named_on")
def trained(within: Within) -> QuerySet:
    """盐城工匠 named in the period; those still being trained count once they are named."""
    return within.dated(Craftsman, "named_on").of_grade(CraftsmanGrade.YANCHENG).named()


@indicator("craftsmen.nominated_js51", "选送江苏五一工匠人选", "名", "craftsmen", dated="nominated_on")
def nominated_js51(within: Within) -> QuerySet:
    """Candidates for 江苏五一工匠 sent to the province in the period."""
    return within.dated(Craftsman, "nominated_on").of_grade(CraftsmanGrade.JIANGSU_MAY51)


@indicator("craftsmen.pipeline", "在培育与已命名的工匠", "名", "craftsmen", beside=True)
def pipeline(within: Within) -> QuerySet:
    """Everybody of the year's batches, from trainee to named craftsman."""
    return within.dated(Craftsman)


STAGE = cut("craftsmen.pipeline", "stage", "培育阶段", lambda: dict(CraftsmanStage.choices))
GRADE = cut("craftsmen.pipeline", "grade", "称号系列", lambda: dict(CraftsmanGrade.choices))
