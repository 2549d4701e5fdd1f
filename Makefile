# Each target does all its own set-up in a fresh checkout; all that is needed is Python 3.11 or newer and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out/seeds.jsonl

.PHONY: demo test notebook install clean

demo: install
	@mkdir -p $(dir $(OUT))
	$(BIN)/annotator tag seeds/documents -o $(OUT)
	$(BIN)/annotator check $(OUT)

test: install
	$(BIN)/ruff check annotator tests benchmarks
	$(BIN)/ruff format --check annotator tests benchmarks
	$(BIN)/mypy
	$(BIN)/python -m pytest

notebook: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[notebook]'
	$(BIN)/jupyter lab notebooks/review_labels.ipynb

install: $(VENV)/installed

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) out build dist
