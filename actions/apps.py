"""App configuration of the actions floor."""

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class ActionsConfig(AppConfig):
    """What is done: the five actions, the 10 + 10 tasks, their targets and records."""

    name = "actions"
    verbose_name = "五大行动与双十任务"

    def ready(self) -> None:
        """Declare the indicators, open their figures to the lists, put the pages into the menu."""
        from actions.progress.drill import rows_behind  # noqa: PLC0415 - needs the models
        from actions.summaries import upkeep  # noqa: PLC0415
        from actions.timeline import SOURCES, current_teams  # noqa: PLC0415
        from models_app import timeline  # noqa: PLC0415
        from mofu.accounts.policy import Right  # noqa: PLC0415
        from mofu.registers import drilldown, menu  # noqa: PLC0415

        post_migrate.connect(upkeep.install, sender=self, dispatch_uid="summaries")
        drilldown.add_source(rows_behind)
        for source in SOURCES:
            timeline.add_source(source)
        timeline.add_memberships(current_teams)
        menu.add_link("", "五大行动进展", "actions:index", Right.SEE_PROGRESS, "chart-bar")
        menu.add_link("", "劳模工匠结构", "actions:people", Right.SEE_PROGRESS, "chart-donut")
        menu.add_link("", "待审记录", "registers:inbox", Right.REVIEW, "inbox")
        menu.add_link("", "退回与草稿", "registers:returned", Right.ENTER, "arrow-back-up")
        menu.add_link("", "重复核查", "registers:duplicates", Right.ENTER, "copy")
        menu.add_link("", "报告与文书", "actions:reports", Right.SEE_PROGRESS, "report")
        menu.add_link("", "大屏", "actions:screen", Right.SEE_PROGRESS, "device-tv")
        menu.add_link("", "操作留痕", "registers:trail", Right.SEE_TRAIL, "history")
        menu.add_link("", "系统状况", "operations:system", Right.MAINTAIN, "heartbeat")
        if settings.ADMIN_SITE:
            menu.add_link("", "系统管理", "admin:index", Right.MAINTAIN, "settings")
