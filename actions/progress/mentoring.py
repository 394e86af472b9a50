"""“师带徒”行动: innovation studios and mentorships (programme.txt, action 3 and task 6)."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from actions.models import Mentorship, Studio, StudioCategory, StudioLevel
from actions.progress.indicator import indicator
from actions.progress.people import chains
from actions.progress.slices import cut
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


@indicator("mentoring.pairs", "在带师徒", "对", "mentorships", home="master__org", standing=True)
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


@indicator("mentoring.standing", "现有创新工作室", "家", "studios", beside=True)
def standing(within: Within) -> QuerySet:
    """Studios that exist on the day, whenever they were created."""
    return within.records(Studio).standing().filter(created_on__lte=within.as_of.isoformat())


@indicator("mentoring.without_apprentices", "没有在带徒弟的工作室", "家", "studios", beside=True)
def without_apprentices(within: Within) -> QuerySet:
    """Existing studios with no mentorship running in them or under their leader."""
    running = Mentorship.objects.unscoped("who teaches in a studio is told by the mentorships, wherever kept")
    running = within.known(running).approved().running(within.as_of)
    return standing(within).exclude(
        Exists(running.filter(Q(studio=OuterRef("pk")) | Q(master=OuterRef("leader"))))
    )


CATEGORY = cut("mentoring.standing", "category", "类别", lambda: dict(StudioCategory.choices))
LEVEL = cut("mentoring.standing", "level", "级别", lambda: dict(StudioLevel.choices))
CHAIN = cut("mentoring.standing", "chain", "产业链", chains)
