# The only list of commands; CI and pre-commit call it.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app portal.app
JOBS ?= 1
SEED ?= 1

.PHONY: help setup setup-dev run demo test coverage mutation check e2e bench races numbers translations migration format pictures

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/.ready: requirements.txt
	@bin/system-libraries
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

translations/vi/LC_MESSAGES/messages.mo: $(VENV)/.ready translations/vi/LC_MESSAGES/messages.po translations/en/LC_MESSAGES/messages.po
	$(BIN)/python -m translations.catalogues compile

setup: $(VENV)/.ready translations/vi/LC_MESSAGES/messages.mo ## virtual environment, dependencies, translations

setup-dev: setup $(VENV)/.ready-dev ## the same, with what tests and checks need

run: setup ## start the portal on http://127.0.0.1:8080
	@$(BIN)/python run.py

demo: setup ## carry one report from draft to PDF without a browser, in a throw-away folder
	@$(BIN)/python -m portal.demo

test: setup-dev ## run the tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

e2e: setup-dev ## run the browser tests alone
	$(BIN)/python -m pytest tests/e2e

coverage: setup-dev ## the engine's tests, with every branch of it covered
	$(BIN)/python -m pytest tests/workflows --cov=workflows --cov-branch --cov-fail-under=100

mutation: setup-dev ## mutate the engine and count what its tests notice; SAMPLE=600 takes so many, FILES=… some files
	nice $(BIN)/python -m tests.mutation --jobs $(JOBS) --seed $(SEED) $(if $(SAMPLE),--sample $(SAMPLE)) $(FILES)

check: setup-dev ## format, lint, types, import contracts, translations, coverage of the engine, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m translations.catalogues missing
	$(MAKE) --no-print-directory coverage
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

bench: setup-dev ## measure the engine, decisions, lists, PDFs and the start against yardsticks; docs/performance.md says how to read it
	$(BIN)/python -m tests.benchmarks

races: setup-dev ## eight people at the same moment, again and again; ATTEMPTS=100000 for that many
	$(BIN)/python -m tests.e2e.long_race $(ATTEMPTS)

numbers: setup-dev ## sixteen who issue documents and are killed at any moment; DOCUMENTS=10000 for that many on each database
	$(BIN)/python -m tests.web.long_issue $(DOCUMENTS)

format: setup-dev ## put every file into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

translations: setup-dev ## gather new sentences into the catalogues, then say what is untranslated
	$(BIN)/python -m translations.catalogues update
	$(BIN)/python -m translations.catalogues missing
	$(BIN)/python -m translations.catalogues compile

migration: setup-dev ## write a migration for what the models changed: make migration name="what changed"
	$(FLASK) db revision "$(name)"

pictures: setup-dev ## take the pictures of the guides anew
	$(BIN)/python -m tests.e2e.pictures
	$(BIN)/python -m tests.portal.documents.pictures
