# Usable on a fresh clone with Python 3.11+ and make. Everything is installed into .venv, from the
# hashed lock file; a second run finds the stamps and starts at once.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
	{ echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar on --no-deps
SOURCES := src tests tools
TEST_PROCESSES := 2
TEMPLATES = $(shell find src -name '*.html')
# Checks read settings and must not make a data folder of their own in the checkout.
CHECK_ENV := TEXTWELL_DATA=$(CURDIR)/$(VENV)/check

.PHONY: run test check bench fix install wheel browser

run: install
	@$(BIN)/textwell demo

test: install
	@$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadscope --no-loadscope-reorder

# The static part of what a change must pass; `make test` is the rest.
check: install
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(CHECK_ENV) $(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(TEMPLATES),$(BIN)/djade --target-version 5.2 --check $(TEMPLATES))
	$(BIN)/python tools/catalogs.py check
	$(BIN)/python tools/settings_page.py check
	$(CHECK_ENV) $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run --settings textwell.config.settings

bench: install
	@$(BIN)/textwell bench

# Everything that a tool can mend.
fix: install
	$(BIN)/ruff format $(SOURCES)
	-$(BIN)/ruff check --fix $(SOURCES)
	-$(if $(TEMPLATES),$(BIN)/djade --target-version 5.2 $(TEMPLATES))
	$(BIN)/python tools/catalogs.py update
	$(BIN)/python tools/settings_page.py update
	$(BIN)/ruff format $(SOURCES)

install: $(VENV)/.stamp-locked $(VENV)/.stamp-own

$(VENV)/.stamp-locked: requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "Textwell needs Python 3.11 or newer with venv (Debian: apt install python3-venv)."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages into $(VENV)"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.stamp-own: pyproject.toml $(VENV)/.stamp-locked
	@$(PIP) --editable .
	@touch $@

# dist/: what `pip install` takes.
wheel: install
	@$(BIN)/python tools/catalogs.py compile
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

# A browser for the browser tests; without one they are skipped and say so, and fail where CI is set.
browser: install
	@$(BIN)/python tools/browser.py
