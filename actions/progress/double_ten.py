"""“双十”任务清单: 10 tasks and 10 assists each year (programme.txt)."""

from django.db.models import QuerySet

from actions.models import Task
from actions.progress.indicator import indicator
from actions.progress.within import Within


@indicator("double_ten.done", "已完成“双十”任务", "项", "tasks")
def done(within: Within) -> QuerySet:
    """Tasks of the period's years that were completed by the day judged, or the period's end."""
    return within.dated(Task).done().filter(completed_on__lte=within.as_of)
