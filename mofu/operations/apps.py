"""App configuration of the operating floor."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Backups, health, logs and the page about the system."""

    name = "mofu.operations"
    verbose_name = "运行维护"

    def ready(self) -> None:
        """Declare the checks of a deployment."""
        from mofu.operations import checks  # noqa: F401, PLC0415 - registers itself
