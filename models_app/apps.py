"""App configuration of the people floor."""

from django.apps import AppConfig


class ModelsAppConfig(AppConfig):
    """Who: laureates, their honours, activities and changes of status."""

    name = "models_app"
    verbose_name = "劳模工匠"
