"""App configuration of the registers floor."""

from django.apps import AppConfig
from django.db.models import fields
from django.utils.module_loading import autodiscover_modules


class RegistersConfig(AppConfig):
    """The one machine behind every 台账: list, detail, form, review, export, history."""

    name = "mofu.registers"
    verbose_name = "台账"

    def ready(self) -> None:
        """Load every declaration: the registers of each app, then the organisation tree's own."""
        fields.BLANK_CHOICE_LABEL = "请选择"
        autodiscover_modules("registers")
        from mofu.registers import (  # noqa: F401, PLC0415 - declare their kinds of jobs
            batch_edits,
            exports,
            organizations,
        )
        from mofu.registers.sheets import batches  # noqa: F401, PLC0415 - declares its kinds of jobs
