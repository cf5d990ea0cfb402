# make run      from a clean clone to a running demonstration on http://127.0.0.1:8080
# make test     every test; make check: the fast part of it, with the linters and types
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
CHROMIUM ?=
HOST ?= 127.0.0.1
PORT ?= 8080
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt
# One file's tests stay in one process: they share what is costly to make.
PYTEST := $(BIN)/python -m pytest
PARALLEL ?= -n auto --dist loadfile

.PHONY: help setup run demo test check bench docs constraints format clean

help:
	@echo 'make setup        the environment in $(VENV)/, with everything the other targets need'
	@echo 'make run          apply the shipped zone, fill in demo records, serve on http://$(HOST):$(PORT)'
	@echo 'make check        formatting, lint, types and the fast tests, in under a minute'
	@echo 'make test         every test: SQLite, PostgreSQL where one answers, and the browser'
	@echo 'make bench        the measurements of bench/'
	@echo 'make docs         the reference pages that are made from the code'
	@echo 'make format       let ruff format the code'
	@echo 'make constraints  pin the newest versions pyproject.toml allows'

$(BIN)/python:
	@python=$$(PYTHON='$(PYTHON)' tools/find-python) && \
	echo "Making $(VENV)/ with $$python …" && \
	"$$python" -m venv $(VENV)

# What serving needs …
$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo 'Installing Budayang into $(VENV)/ …'
	@$(PIP) -e .
	@touch $@

# … and what developing it needs besides.
$(VENV)/.installed-dev: $(VENV)/.installed
	@echo 'Installing what its tests need …'
	@$(PIP) -e '.[dev]'
	@touch $@

setup: $(VENV)/.installed-dev

demo: $(VENV)/.installed
	@echo '[1/3] Applying the shipped zone …'
	@$(BIN)/budayang apply --site . --yes -m '演示站点启动'
	@echo '[2/3] Filling in demo records …'
	@$(BIN)/budayang demo --site . --if-empty

run: demo
	@echo '[3/3] Serving on http://$(HOST):$(PORT) (stop with Ctrl+C) …'
	@exec $(BIN)/budayang serve --site . --host $(HOST) --port $(PORT)

# What needs neither a server nor a site's own database: the language, its conditions and working time, the rules of
# the architecture. The rest belongs to `make test`.
FAST := tests/architecture tests/condition tests/manifest tests/domain/test_worktime.py tests/schema tests/test_switchboard.py \
	tests/test_settings.py tests/test_docs.py

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(PYTEST) -q -m 'not browser and not postgres and not slow and not alone' $(PARALLEL) $(FAST)

# Tests marked `alone` measure time under load or kill processes: they run by themselves.
# Exit code 5 of pytest is "none collected".
test: setup
	@browser=$$(CHROMIUM='$(CHROMIUM)' tools/find-chromium) && export CHROMIUM="$$browser" && \
	$(PYTEST) -m 'not alone' $(PARALLEL) && \
	{ $(PYTEST) -m alone || { code=$$?; [ $$code = 5 ] || exit $$code; }; }

bench: setup
	@bench/run

docs: setup
	@$(BIN)/python -m tools.reference

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

constraints:
	@PYTHON='$(PYTHON)' tools/constraints

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
