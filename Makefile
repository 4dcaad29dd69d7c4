# Two commands: `make demo` runs the whole path on the sample site, `make test` checks everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INPUTS := pyproject.toml constraints.txt
WORKERS ?= 2

.PHONY: demo test check lint types model bench-extract bench-merge bench-crawl bench-app screenshots clean help
.DELETE_ON_ERROR:

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(INPUTS) | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test: $(INPUTS) | $(BIN)/python
	$(PIP) install --constraint constraints.txt --editable '.[test]'
	@touch $@ $(VENV)/.run

## demo   crawl the bundled sample site, extract, export, open the app (ARGS=--no-app ends before the app)
demo: $(VENV)/.run
	$(BIN)/chiso demo $(ARGS)

## test   lint, types and tests (WORKERS=4 for more processes, 0 for one)
test: $(VENV)/.test lint types
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

## check  the same as test
check: test

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

## model  train the choosers again from the annotated articles beside the project
model: $(VENV)/.test
	$(BIN)/python -m extract.train

## bench-extract  what extraction costs and what it is worth (ARGS="--articles folder" for texts of your own, too)
bench-extract: $(VENV)/.test
	$(BIN)/python -m benchmarks.bench_extract $(ARGS)

## bench-merge  what merging a million figures costs (ARGS="--figures 100000 --articles 20000" for fewer)
bench-merge: $(VENV)/.test
	$(BIN)/python -m benchmarks.bench_merge $(ARGS)

## bench-app  what the app costs on 300,000 figures (ARGS="--figures 1000000" for more)
bench-app: $(VENV)/.test
	$(BIN)/python -m benchmarks.bench_app $(ARGS)

## bench-crawl  what crawling costs and survives (ARGS="soak", "speed" or "memory" for one part)
bench-crawl: $(VENV)/.test
	$(BIN)/python -m benchmarks.bench_crawl $(ARGS)

## screenshots  pictures of every page into docs/screenshots (ARGS=folder of a demo's files to take those)
screenshots: $(VENV)/.test
	$(BIN)/python -m tests.make_screenshots $(ARGS)

## clean  remove the virtual environment and everything derived; pages and reviews stay
clean:
	rm -rf $(VENV) data/chiso.db data/chiso.db-* build *.egg-info
