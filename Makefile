# `make demo` and `make test` set up what they need from nothing but Python 3.11 or later.

VENV := .venv
BIN := $(VENV)/bin
CANDIDATES := python3.13 python3.12 python3.11 python3
IS_ENOUGH := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

FAST := tests/test_house.py tests/lookup tests/show tests/store/test_merge.py \
	tests/sources/test_csv_cells.py tests/sources/test_alkamel.py tests/sources/test_timing.py \
	tests/sources/test_registry.py tests/sources/test_laps_csv.py tests/analysis/test_laps.py \
	tests/title/test_standings.py

.PHONY: help demo test thorough coverage fast check lint types layers docs package gallery bench format examples clean
.DEFAULT_GOAL := help

help:
	@echo "make demo      set up, and tell the story of one race"
	@echo "make test      set up, and run the tests"
	@echo "make thorough  the tests with five times as many random cases, and every race of a gate"
	@echo "make coverage  the tests again, and which lines they run: half as long again"
	@echo "make fast      lint, layers, and the tests that take seconds: under a minute"
	@echo "make check     lint; types, layers, docs and package two at a time; tests: what CI runs"
	@echo "make format    fix what can be fixed"
	@echo "make examples  run every example of the docs again and write down what it prints"
	@echo "make gallery   draw the pictures of the docs again"
	@echo "make bench     measure the speed marks"
	@echo "make clean     remove what was built"

demo: $(VENV)/.installed
	@echo 'Ready. This is:  $(BIN)/racecraft race 2023 "São Paulo"'
	@echo
	@$(BIN)/racecraft race 2023 "São Paulo"
	@echo
	@echo 'More:  $(BIN)/racecraft battle 2023 brazil ALO PER    $(BIN)/racecraft --help'

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto --dist worksteal --durations=25

thorough: $(VENV)/.installed-dev
	RACECRAFT_THOROUGH=1 $(BIN)/python -m pytest -n auto --dist worksteal --durations=25

coverage: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=
	@$(BIN)/coverage report

fast: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory layers
	$(BIN)/python -m pytest -q $(FAST)

check: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory --jobs=2 --output-sync types layers docs package
	@$(MAKE) --no-print-directory test

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.installed-dev
	$(BIN)/mypy

layers: $(VENV)/.installed-dev
	$(BIN)/lint-imports

docs: $(VENV)/.installed-dev
	$(BIN)/sphinx-build -q -W -n --keep-going -b html docs docs/_build/html

package: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/installation.py

gallery: $(VENV)/.installed-dev
	$(BIN)/python tools/draw_gallery.py

bench: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/run_all.py $(if $(PAGE),--page $(PAGE)) $(ONLY)

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

examples: $(VENV)/.installed-dev
	RACECRAFT_WRITE_EXAMPLES=1 $(BIN)/python -m pytest tests/test_examples.py

clean:
	rm -rf $(VENV) build dist docs/_build .coverage .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache

$(VENV)/bin/python:
	@for python in $(CANDIDATES); do \
		if $$python -c '$(IS_ENOUGH)' 2>/dev/null; then \
			echo "Making a virtual environment: $$python -m venv $(VENV)"; exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "racecraft needs Python 3.11 or later with venv; none of $(CANDIDATES) is" >&2; exit 1

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	@echo "Installing racecraft and the libraries of its core into $(VENV) (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# Groups of dependencies need a pip newer than the one that Python 3.11 brings.
$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev --group docs
	@touch $@ $(VENV)/.installed
