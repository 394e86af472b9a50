"""App configuration of the people floor."""

from django.apps import AppConfig


class ModelsAppConfig(AppConfig):
    """Who: laureates, their honours, activities and changes of status."""

    name = "models_app"
    verbose_name = "劳模工匠"

    def ready(self) -> None:
        """Say what of these people goes after its term."""
        from models_app.erasing import closed_care_files  # noqa: PLC0415 - needs the models
        from mofu.operations import purging  # noqa: PLC0415 - needs the models

        purging.further.append(closed_care_files)
