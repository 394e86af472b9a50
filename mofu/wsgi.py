"""WSGI entry point for gunicorn: `gunicorn mofu.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mofu.settings")

application = get_wsgi_application()

from mofu.operations import blind_indexes, durability  # noqa: E402 - needs the apps

durability.require()
blind_indexes.require()
