"""App configuration of the registers floor."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """The one machine behind every 台账: list, detail, form, review, export, history."""

    name = "mofu.registers"
    verbose_name = "台账"
