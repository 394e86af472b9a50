"""培育工匠行动: academies named, craftsmen trained, nominations (programme.txt, action 4; plan 2024—2028)."""

from django.db.models import QuerySet

from actions.models import Academy, Craftsman, CraftsmanGrade
from actions.progress.indicator import indicator
from actions.progress.within import Within


@indicator("craftsmen.academies", "命名盐城工匠学院", "家", "academies", dated="named_on")
def academies(within: Within) -> QuerySet:
    """Academies named in the period."""
    return within.dated(Academy).named()


@indicator("craftsmen.trained", "培育盐城工匠", "名", "craftsmen", dated="named_on")
def trained(within: Within) -> QuerySet:
    """盐城工匠 named in the period; those still being trained count once they are named."""
    return within.dated(Craftsman, "named_on").of_grade(CraftsmanGrade.YANCHENG).named()


@indicator("craftsmen.nominated_js51", "选送江苏五一工匠人选", "名", "craftsmen", dated="nominated_on")
def nominated_js51(within: Within) -> QuerySet:
    """Candidates for 江苏五一工匠 sent to the province in the period."""
    return within.dated(Craftsman, "nominated_on").of_grade(CraftsmanGrade.JIANGSU_MAY51)
