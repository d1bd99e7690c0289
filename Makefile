# Two commands are all a newcomer needs:  make serve   and   make test
SHELL := /bin/sh
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: help serve test check lint generated lock clean
.DEFAULT_GOAL := help

help:
	@echo "make serve      set everything up and serve the graph at http://$(HOST):$(PORT)/"
	@echo "make test       set everything up and run all tests"
	@echo "make check      check the dataset: parse, vocabulary, tags, SHACL"
	@echo "make lint       ruff, mypy, import-linter"
	@echo "make generated  write again what is generated (docs/rules.md, ontology/context.jsonld, …)"
	@echo "make lock       resolve the dependencies again and write requirements/*.txt"
	@echo "make clean      remove what make made"

serve: .venv/runtime.stamp
	@$(BIN)/cicakg serve --host $(HOST) --port $(PORT)

test: .venv/dev.stamp
	@sh tools/test-packages.sh
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(PYTEST_ARGS)

check: .venv/runtime.stamp
	@$(BIN)/cicakg check

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

generated: .venv/dev.stamp
	$(BIN)/python tools/generate.py

.venv/runtime.stamp: requirements/runtime.txt pyproject.toml
	@sh tools/setup.sh runtime

# The lock of the tests holds all of the lock of the tool.
.venv/dev.stamp: requirements/dev.txt pyproject.toml
	@sh tools/setup.sh dev
	@touch .venv/runtime.stamp

lock: .venv/dev.stamp
	@sh tools/lock.sh

clean:
	rm -rf .venv build dist tests/clients/node_modules tests/checks/sarif_schema/node_modules tools/assets/node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
