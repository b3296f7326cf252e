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
# Twice the two cores that the suite is made for: half of its tests wait for processes.
TEST_PROCESSES := 4
TEMPLATES = $(shell find src -path '*/templates/*' -name '*.html')
# Checks read settings and must not make a data folder of their own in the checkout.
CHECK_ENV := TEXTWELL_DATA=$(CURDIR)/$(VENV)/check

# The handbook, as the package ships it. Built once for `make run`, again when a page is newer.
HANDBOOK := src/textwell/web/shipped/docs/index.html
BUILD_DOCS := $(CHECK_ENV) $(BIN)/python tools/docs_build.py

# A machine that wants no bytecode written would compile everything again at each start of each role.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench docs screenshots fix install wheel browser

run: install $(HANDBOOK)
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
	$(CHECK_ENV) $(BIN)/python tools/api_clients.py check
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
	$(CHECK_ENV) $(BIN)/python tools/api_clients.py update
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
	@$(BUILD_DOCS) --fresh
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

docs: install
	@$(BUILD_DOCS)
	@echo "$(HANDBOOK), served at /docs/"

# Pictures of the handbook, from the running product.
screenshots: browser
	@$(BIN)/python tools/screenshots.py

$(HANDBOOK): $(shell find docs -type f) CHANGELOG.md CONTRIBUTING.md | install
	@echo "Building the handbook"
	@$(BUILD_DOCS)
	@touch $@

# A browser for the browser tests; without one they are skipped and say so, and fail where CI is set.
browser: install
	@$(BIN)/python tools/browser.py
