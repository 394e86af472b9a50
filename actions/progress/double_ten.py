"""“双十”任务清单: 10 tasks and 10 assists each year (programme.txt)."""

from django.db.models import QuerySet

from actions.models import Task
from actions.progress.indicator import indicator
from actions.progress.within import Within


@indicator("double_ten.done", "已完成“双十”任务", "项", "tasks")
def done(within: Within) -> QuerySet:
    """Tasks of the period's years whose state is 已完成."""
    rows = within.dated(Task).done()
    return rows if within.known_by is None else rows.filter(completed_on__lte=within.known_by)
