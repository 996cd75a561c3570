PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check bench lock clean

demo: $(READY)  ## the whole desk on this machine, with no Telegram token
	$(BIN)/xiaoqi demo

test: $(READY)  ## every test, two files at a time
	$(BIN)/pytest -n 2 --dist loadfile

check: $(READY)  ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)  ## every figure of docs/benchmarks.md
	$(BIN)/python -m benchmarks.ask
	$(BIN)/python -m benchmarks.relay
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.encoder

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

lock: $(READY)  ## write the versions in use to constraints.txt
	$(BIN)/python -m pip freeze --exclude-editable | sed -e '/ @ /d' -e 's/+cpu//' > constraints.txt

clean:
	rm -rf $(VENV) var

texts: $(READY)  ## after a change of wording: collect it into both catalogues
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ --no-location --sort-output -o var/messages.pot bot/cards
	for locale in zh_CN en; do $(BIN)/pybabel -q update --no-fuzzy-matching -i var/messages.pot -d bot/cards/locale -l $$locale; done
