"""How gunicorn serves the site: ``gunicorn --config python:mofu.gunicorn mofu.wsgi``."""

from __future__ import annotations

import os

from mofu import env
from mofu.settings import LOGGING

bind = env.text("BIND", "127.0.0.1:8000")
workers = env.integer("WEB_WORKERS", default=2 * (os.cpu_count() or 1), minimum=1)
timeout = 120  # seconds: a yearly report of sixty pages takes ten
graceful_timeout = 30
keepalive = 5
preload_app = True  # one copy of the code in memory; connections are opened after the fork
max_requests, max_requests_jitter = 2000, 200  # a worker that grew over a long report gives its memory back
accesslog = None  # the application logs requests itself, with their ids and without their questions
errorlog = "-"
logconfig_dict = LOGGING  # gunicorn's own lines as the application's
control_socket_disable = True  # nothing to steer by hand; the service manager does that
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - a heartbeat, not data
forwarded_allow_ips = "127.0.0.1,::1"
