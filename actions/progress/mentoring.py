"""“师带徒”行动: innovation studios and mentorships (programme.txt, action 3 and task 6)."""

from django.db.models import Exists, OuterRef, QuerySet

from actions.models import Mentorship, Studio
from actions.progress.indicator import indicator
from actions.progress.within import Within
from models_app.models import Laureate


@indicator("mentoring.studios", "新创建劳模工匠创新工作室", "家", "studios", dated="created_on")
def studios(within: Within) -> QuerySet:
    """Studios created in the period by whatever body in the whole city, revoked ones left out."""
    return within.dated(Studio).standing()


@indicator("mentoring.studios_new_quality", "其中新质生产力型工作室", "个", "studios", dated="created_on")
def studios_new_quality(within: Within) -> QuerySet:
    """Of these the ones marked 新质生产力型 by the city, with reasons."""
    return studios(within).new_quality()


@indicator("mentoring.studios_association", "协会创建劳模创新工作室", "个", "studios", dated="created_on")
def studios_association(within: Within) -> QuerySet:
    """Studios created by the association (task 6); a count of its own, never added to the 1000."""
    return studios(within).of_association()


@indicator("mentoring.pairs", "在带师徒", "对", "mentorships", home="master__org")
def pairs(within: Within) -> QuerySet:
    """Mentorships running, whose master is alive and keeps the honour."""
    in_standing = Laureate.objects.unscoped("standing of masters already in scope").in_good_standing()
    return (
        within.records(Mentorship)
        .running(within.as_of)
        .filter(Exists(in_standing.filter(pk=OuterRef("master"))))
    )


@indicator("mentoring.promoted", "出师晋级徒弟", "人", "mentorships", home="master__org", dated="ended_on")
def promoted(within: Within) -> QuerySet:
    """Mentorships ended in the period after which the apprentice's skill level was higher than before."""
    return within.dated(Mentorship, "ended_on").promoted()
