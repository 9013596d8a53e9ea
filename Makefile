# The workflow of this project, and its documentation: `make help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Recorded real material for the corpus tests, where somebody has it.
CORPUS_DIR ?= $(wildcard ../shared/data)
export CORPUS_DIR
# Container images set this. Then each program that a test starts, hundreds, compiles every module once more.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-postgres test-pythons check format docs catalogs pictures new-source strings bench crash soak soak-coalitions mutants audit package lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

PIP := $(BIN)/pip --quiet --disable-pip-version-check
# Three for two cores: many tests wait for a program that they started. In the order of the folders the quick files of
# tests/unit are last; in xdist's, those of fewest tests, which are the longest.
# The store waits for the disk at every commit: in memory, where there are 4 GB of it, tests take a fifth less time.
TMPDIR ?= $(shell df -k --output=avail /dev/shm 2> /dev/null | awk 'NR == 2 && $$1 > 4e6 { print "/dev/shm" }')
PYTEST := $(if $(TMPDIR),TMPDIR=$(TMPDIR)) $(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder

$(VENV)/runtime: requirements.txt requirements-build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "coalition-bot needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 demo")'
	@echo "Installing into $(VENV) from the lock (once) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --no-compile --require-hashes -r requirements.txt -r requirements-build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(PIP) uninstall --yes setuptools 2> /dev/null  # venv's own, old and not in the lock; nothing needs it
	@touch $@

$(VENV)/installed: requirements-dev.txt $(VENV)/runtime
	@echo "Adding what tests need (once) …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(VENV)/runtime ## The whole main job on your machine in under 20 seconds: no token, no network
	@$(BIN)/coalition-bot demo

test: $(VENV)/installed ## Every room, without the long tests: under four minutes on two idle cores
	@$(PYTEST) --quick $(TESTS)

test-all: $(VENV)/installed ## The whole suite, as CI runs it
	@$(PYTEST)

test-postgres: $(VENV)/installed ## What touches the store, once more over PostgreSQL
	@$(PYTEST) --store postgres tests/crash tests/contract tests/scenario

# CI runs all tests next.
check: $(VENV)/installed ## Lint, types, the shipped configuration, generated pages
	@$(BIN)/ruff format --check bot tests bench
	@$(BIN)/ruff check bot tests bench
	@$(BIN)/mypy
	@$(BIN)/coalition-bot check --example
	@$(if $(CI),,$(BIN)/python -m pytest -q tests/unit/test_architecture.py tests/docs)

format: $(VENV)/installed ## Put the code into its one shape
	@$(BIN)/ruff format bot tests bench
	@$(BIN)/ruff check --fix bot tests bench

docs: $(VENV)/installed ## Write the generated pages again
	@$(BIN)/python -m tests.kit.configuration_page > docs/configuration.md
	@$(BIN)/python -m tests.kit.commands_page > docs/commands.md
	@$(BIN)/python -c "from tests.kit.slack_manifest import manifest; from bot.app.command_table import COMMANDS; print(manifest(COMMANDS), end=str())" > docs/slack-app-manifest.yml

catalogs: $(VENV)/installed ## Bring bot/locale up to date: a new or changed sentence then waits for its translation
	@$(BIN)/python -m tests.kit.catalogs

pictures: $(VENV)/installed ## Draw docs/pictures again, from what the program says today
	@for each in pictures pictures_slack pictures_board pictures_letter pictures_recording; do $(BIN)/python -m tests.kit.$$each || exit 1; done

new-source: $(VENV)/installed ## Write the skeleton of a kind of source with its test: NAME=county-board
	@$(BIN)/python -m tests.kit.new_source $(NAME)

strings: $(VENV)/installed ## Print every sentence that people read, with its place
	@$(BIN)/python -m tests.kit.sentences

bench: $(VENV)/installed ## Measure, each figure against a rival or a limit in the same run
	@$(BIN)/python -m bench

crash: $(VENV)/installed ## The long crash campaigns: KILLS (1,000) in each; with STORE=postgres on PostgreSQL
	@$(BIN)/python -m pytest -q tests/crash --run-slow $(if $(STORE),--store $(STORE))

soak: $(VENV)/installed ## Random faults for hours, on both stores, on demand: SOAK_MINUTES (20) for each of three runs
	@$(BIN)/python -m pytest -q -s tests/crash/test_a_soak.py --run-slow -k a_soak

soak-coalitions: $(VENV)/installed ## Kill workers and web processes of COALITIONS (100) on one PostgreSQL for SOAK_MINUTES (20)
	@$(BIN)/python -m pytest -q -s tests/crash/test_a_coalitions.py --run-slow -k a_soak

mutants: $(VENV)/installed ## Change the code that must not be wrong in small ways, or only ONLY="WORD …" of it, and list what no test notices
	@$(if $(TMPDIR),TMPDIR=$(TMPDIR)) $(BIN)/python bin/mutants.py $(ONLY)

# In a folder of their own: what they bring is no part of the bot.
TOOLS := $(VENV)/tools
WITH_TOOLS := PYTHONPATH=$(TOOLS) $(BIN)/python

$(TOOLS)/installed: requirements-tools.txt $(VENV)/installed
	@$(PIP) install --upgrade --require-hashes --target $(TOOLS) -r requirements-tools.txt
	@touch $@

audit: $(TOOLS)/installed ## List what ships in dist/sbom.json (CycloneDX) and look for published vulnerabilities of each part
	@mkdir -p dist
	@$(WITH_TOOLS) -W ignore -m cyclonedx_py requirements requirements.txt --pyproject pyproject.toml --output-reproducible -o dist/sbom.json
	@$(WITH_TOOLS) bin/audit.py requirements.txt requirements-build.txt

package: $(VENV)/installed ## Build the wheel as the image does, install it with the lock in a new folder, run its demo
	@rm -rf dist/package && mkdir -p dist/package
	@$(BIN)/python -m hatchling build -t wheel -d dist/package
	@$(PYTHON) -m venv dist/package/venv
	@dist/package/venv/bin/pip install --quiet --require-hashes -r requirements.txt
	@dist/package/venv/bin/pip install --quiet --no-index --no-deps dist/package/*.whl
	@cd dist/package && venv/bin/coalition-bot demo

# One of each minor version, the system's first.
PYTHONS := $(wildcard /usr/bin/python3.1[1-9] /usr/local/bin/python3.1[1-9] $(HOME)/.pyenv/versions/3.1[1-9].*/bin/python3)

test-pythons: ## The tests of tests/unit and tests/contract on every other Python of this machine
	@bin/test-pythons $(BIN)/python $(PYTHONS)

lock: $(TOOLS)/installed ## Write the locks; with UPGRADE=1 of newer releases, none of the last week, when most malicious ones are found
	@$(LOCK) --all-extras --group dev --group bench pyproject.toml -o requirements-dev.txt
	@$(LOCK) --all-extras -c requirements-dev.txt pyproject.toml -o requirements.txt
	@$(LOCK) --group build -c requirements-dev.txt -o requirements-build.txt
	@$(LOCK) --group tools -c requirements-dev.txt -o requirements-tools.txt

LOCK = $(WITH_TOOLS) -m uv pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --exclude-newer "7 days"

clean: ## Remove what was installed and built
	@rm -rf .venv* build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
