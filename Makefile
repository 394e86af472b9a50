# Everything starts here. Python (3.12 or newer) and make are all a machine needs; the rest is installed into
# .tools, .venv, node_modules and var below this folder, once, and again only when a lock file changes.

SHELL := /bin/sh
PORT ?= 8000
MOFU_ENV ?= dev
WORKERS ?= 2
ARGS ?=
RUN_FLAGS ?= --noreload

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1 && command -v $$p && break; done)
UV := .tools/bin/uv
PY := .venv/bin/python
MANAGE := $(PY) manage.py
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header
SOURCES := manage.py mofu models_app actions tests $(wildcard bench)

export PYTHONUTF8 := 1
export UV_PYTHON_DOWNLOADS := never
unexport VIRTUAL_ENV

.PHONY: help run prepare serve install install-dev test test-browser test-all lint format migrations lock static clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: install ## install, prepare the database, serve http://127.0.0.1:$(PORT)
	@MOFU_ENV=$(MOFU_ENV) $(MANAGE) migrate --verbosity 0
	@MOFU_ENV=$(MOFU_ENV) $(MANAGE) load_reference
	@if [ "$(MOFU_ENV)" = dev ]; then $(MANAGE) load_demo --if-empty; fi
	@MOFU_ENV=$(MOFU_ENV) $(PY) -c "from mofu import settings as s; s.DEMO_ACCOUNTS and print('演示账号（密码都是 %s）' % s.DEMO_PASSWORD, *('  %-8s %s' % a for a in s.DEMO_ACCOUNTS.items()), sep='\n')"
	@echo "http://127.0.0.1:$(PORT)/"
	@export MOFU_ENV=$(MOFU_ENV); $(MANAGE) db_worker --no-reload & worker=$$!; \
	trap 'kill $$worker 2>/dev/null' EXIT; trap 'exit 130' INT TERM HUP; \
	$(MANAGE) runserver $(RUN_FLAGS) 127.0.0.1:$(PORT)

prepare: install ## bring a deployment up to date: static files, schema, reference data, Django's own check (needs its environment)
	$(MANAGE) collectstatic --no-input --verbosity 0
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) load_reference
	$(MANAGE) check --deploy --database default --fail-level WARNING

serve: prepare ## prepare a deployment and serve it, worker included (needs its environment; docs/deploy.md)
	@$(MANAGE) db_worker & worker=$$!; \
	.venv/bin/gunicorn --config python:mofu.gunicorn mofu.wsgi & web=$$!; \
	trap 'kill $$web $$worker 2>/dev/null; wait; exit 130' INT TERM HUP; \
	wait $$web; kill $$worker 2>/dev/null; wait

install: .venv/.runtime-stamp node_modules/.stamp

install-dev: install .venv/.dev-stamp

test: install-dev ## run the tests on SQLite, or on DATABASE_URL (ARGS="-k name")
	$(PY) -m pytest -n $(WORKERS) -m "not browser" $(ARGS)

test-browser: install-dev ## run the tests that drive a real Chromium
	$(PY) -m pytest -m browser $(ARGS)

test-all: test test-browser ## both

lint: install-dev ## style, layers, missing migrations
	$(PY) -m ruff check $(SOURCES)
	$(PY) -m ruff format --check $(SOURCES)
	.venv/bin/lint-imports
	MOFU_ENV=test $(MANAGE) makemigrations --check --dry-run

format: install-dev ## let ruff put the code into shape
	$(PY) -m ruff check --fix $(SOURCES)
	$(PY) -m ruff format $(SOURCES)

migrations: install-dev ## write the migrations that models ask for
	$(MANAGE) makemigrations

lock: .tools/.stamp ## renew the lock files from requirements*.in and package.json
	$(COMPILE) requirements-tools.in -o requirements-tools.txt
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/npm install --package-lock-only --ignore-scripts

static: install ## gather static files for a web server (needs the settings of the deployment)
	$(MANAGE) collectstatic --no-input

clean: ## remove everything that was installed or made here, the database included
	rm -rf .tools .venv node_modules var

.tools/.stamp: requirements-tools.txt
	@[ -n "$(PYTHON)" ] || { echo "需要 Python 3.12 或更新版本。 Python 3.12 or newer was not found; install it or run make PYTHON=/path/to/python3." >&2; exit 1; }
	@[ -x .tools/bin/python ] || "$(PYTHON)" -m venv .tools || { echo "无法创建虚拟环境，请安装 python3-venv。 Creating a virtual environment failed; Debian and Ubuntu need the python3-venv package." >&2; exit 1; }
	.tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-tools.txt
	@touch $@

.venv/bin/python: | .tools/.stamp
	$(UV) venv --quiet --allow-existing --python "$(PYTHON)" .venv

.venv/.runtime-stamp: requirements.txt | .tools/.stamp .venv/bin/python
	$(UV) pip install --python $(PY) --require-hashes -r requirements.txt
	@touch $@

.venv/.dev-stamp: requirements-dev.txt .venv/.runtime-stamp
	$(UV) pip install --python $(PY) --require-hashes -r requirements-dev.txt
	@touch $@

node_modules/.stamp: package.json package-lock.json .npmrc | .venv/.runtime-stamp
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/npm ci --ignore-scripts
	@touch $@
