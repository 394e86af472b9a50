"""Django wiring of the paper floor (it has templates, no models)."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Workbook, PDF and Word writers."""

    name = "mofu.documents"
    label = "documents"
    verbose_name = "文档输出"
