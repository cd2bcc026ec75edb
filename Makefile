# Everything a newcomer or a CI machine runs. Python (3.11 or newer), Node.js (18 or newer) and make need to be there.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help lab test check build smoke bench format counts changelog lock referee cases fuzz clean system

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
LOCK := requirements/constraints.txt
CASES ?= ../shared/cases
MODULES := node_modules/.package-lock.json
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

# Debian's packages come through apt when root; anybody else reads in one line what to install.
define apt
{ if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
    echo "Installing $(1) with apt ..."; apt-get update -qq; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) >/dev/null; \
  else echo "Please install first: $(1) (Debian: sudo apt install $(1))" >&2; exit 1; fi; }
endef

# Compiled modules are kept, or every worker of every run compiles them anew.
unexport PYTHONDONTWRITEBYTECODE

# The lock's versions have wheels for these Pythons; a newer one takes the newest versions that setup.py allows.
constrain = $$($(BIN)/python -c 'import sys; print("-c $(LOCK)" if sys.version_info < (3, 15) else "")')

# The checks of the JavaScript. What they write is shown where one fails.
javascript = { npm run --silent check >node_modules/.check 2>&1 || { cat node_modules/.check; false; }; }

# pytest ends with 5 where there is no such test, which is well only if ARGS picks some.
none = $(if $(ARGS),[ $$? = 5 ],false)

# A checkout that belongs to somebody else (a container's volume) is read by git all the same.
our = GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | while IFS='|' read -r name text; do \
	  printf '  make %-9s %s\n' "$$name" "$$text"; done

lab: $(VENV)/.lab  ## open JupyterLab on the quickstart (ARGS=--no-browser for a server)
	$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) --ServerApp.root_dir="$(CURDIR)" \
	  --LabApp.default_url=/lab/tree/notebooks/00-quickstart.ipynb $(ARGS)

test: $(VENV)/.test $(MODULES) system  ## run all tests, installing what they need (ARGS="-k decode" picks some)
	$(javascript)
	$(BIN)/pytest -n auto --dist loadgroup -m "not browser and not smoke" $(ARGS) || $(none)
	$(BIN)/pytest -n auto --dist worksteal -m browser $(ARGS) || $(none)  # a JupyterLab for every core

check: $(VENV)/.test $(MODULES)  ## format, lint, types, docs and the fast tests, in under a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy & types=$$!; $(javascript) & page=$$!; \
	  $(BIN)/pytest -q -n auto -m "not browser and not binder and not slow" $(ARGS) && wait $$types && wait $$page

build: $(VENV)/.build  ## build wheel and sdist into dist/, the core alone into dist/core/, and have them checked
	rm -rf build dist core/build
	$(BIN)/python -m build --quiet
	$(BIN)/python -m build --quiet --wheel --outdir dist/core core
	$(BIN)/twine check --strict dist/*.whl dist/*.tar.gz dist/core/*.whl
	$(BIN)/check-wheel-contents dist/*.whl
	$(BIN)/check-wheel-contents --config core/pyproject.toml dist/core/*.whl
	$(our) $(BIN)/check-sdist 2>&1 | tail -n 25  # what it finds comes last

smoke: $(VENV)/.test build  ## install what make build made into empty environments, and use it there
	$(BIN)/pytest -q -n 2 --dist loadfile -m smoke $(ARGS)

bench: $(VENV)/.test system  ## time an evaluation, a redraw and the way from a key press to the picture
	$(BIN)/pytest -q tests/bench --benchmark-enable --benchmark-only || [ $$? = 5 ]  # 5: no such benchmark
	for script in tests/bench/[!_]*.py; do case "$$script" in */test_*|*/conftest.py|*'['*) ;; \
	  *) name=$${script%.py}; echo "== $$script"; PYTHONPATH=core $(BIN)/python -m "$${name//\//.}" ;; esac; done

format: $(VENV)/.test $(MODULES)  ## format the code and mend what ruff and biome can mend
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	npm run --silent format

counts: $(VENV)/.test  ## write the catalogues' counts into the prose that states them
	PYTHONPATH=core $(BIN)/python -m tests.docs.counts

changelog: $(VENV)/.build  ## move the entries of changelog.d into CHANGELOG.md (ARGS=--draft prints them)
	$(BIN)/towncrier build --version "$$($(BIN)/python -c 'import llm_roofline; print(llm_roofline.__version__)')" $(ARGS)

lock: $(BIN)/python  ## write requirements/constraints.txt anew: the newest versions that setup.py and binder/ allow
	fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; $(PYTHON) -m venv "$$fresh"; \
	"$$fresh/bin/python" -m pip install -q --upgrade pip; \
	"$$fresh/bin/python" -m pip install -q -c binder/requirements.txt -e '.[lab,test,build]'; \
	{ sed -n '/^#/p' $(LOCK); \
	  "$$fresh/bin/python" -m pip freeze --exclude-editable --exclude pip --exclude setuptools; } > "$$fresh/lock"; \
	cp "$$fresh/lock" $(LOCK)

referee:  ## count every model of the catalogue anew with PyTorch and Transformers (tests/referee)
	$(PYTHON) -m venv .referee
	.referee/bin/python -m pip install -q -r requirements/referee.txt
	for tables in referee referee.options referee.tensors referee.keys referee.states; do \
	  .referee/bin/python -m tests.$$tables core/llm_roofline/models/data; done

cases: $(VENV)/.test  ## compare with reported cases and their right values, where there are any (CASES=folder)
	PYTHONPATH=core $(BIN)/python -m tests.cases $(CASES)

fuzz: $(VENV)/.test  ## read 100,000 broken configurations on every core (ARGS="5000" for fewer)
	PYTHONPATH=core $(BIN)/python -m tests.fuzz $(ARGS)

clean:  ## remove the environment, builds and caches
	rm -rf $(VENV) node_modules .referee build dist core/build *.egg-info core/*.egg-info .benchmarks .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; make PYTHON=python3.12 names another one." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(call apt,python3-venv)
	$(PYTHON) -m venv $(VENV)

$(VENV)/.lab: setup.py $(LOCK) binder/overrides.json | $(BIN)/python
	@echo "Installing the project and JupyterLab into $(VENV) (a minute or two, once) ..."
	$(PIP) install $(constrain) -e '.[lab]'
	install -D -m 644 binder/overrides.json $(VENV)/share/jupyter/lab/settings/overrides.json
	@touch $@

$(VENV)/.test: setup.py $(LOCK) | $(BIN)/python
	@echo "Installing the project and what its tests need into $(VENV) (a minute or two, once) ..."
	$(PIP) install $(constrain) -e '.[lab,test]'
	@touch $@

$(VENV)/.build: setup.py $(LOCK) | $(BIN)/python
	@echo "Installing the project and what builds it into $(VENV) ..."
	$(PIP) install $(constrain) -e '.[build]'
	@touch $@

$(MODULES): package.json package-lock.json
	@command -v npm >/dev/null || $(call apt,nodejs npm)
	@node -e 'process.exit(Number(process.versions.node.split(".")[0] < 18))' \
	  || { echo "Node.js 18 or newer is needed (this is $$(node --version))." >&2; exit 1; }
	@echo "Installing what the JavaScript is checked with into node_modules (once) ..."
	npm ci --silent
	@touch $@

system:
	@command -v chromium >/dev/null || $(call apt,chromium fonts-dejavu-core)
