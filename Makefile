# The commands of this project. `make run` and `make test` need only python3 (>= 3.11, with venv), make and git.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PORT ?= 8000
BENCH_MOVIES ?= 100000
PYTHON := .venv/bin/python
UV := .venv/bin/uv
# The production settings that `make check` judges; nothing of it is used anywhere else.
PRODUCTION := env -u DEBUG -u CATALOGUE_DEMO SECRET_KEY=$$(head -c 48 /dev/urandom | base64) ALLOWED_HOSTS=example.org SITE_URL=https://example.org \
	DATABASE_URL=sqlite:///var/check.sqlite3

.PHONY: help run test bench check lock format clean sbom audit stack stack-test drills soak

help: ## Say what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# One stamp a lock: the packages are installed again only when the lock has changed.
.venv/run-%:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@test -x $(PYTHON) || python3 -m venv .venv
	@echo "Installing packages ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@rm -f .venv/run-* && touch $@
.venv/dev-%: | .venv/run-$(shell sha256sum requirements.txt | cut -c1-16)
	@echo "Installing development packages ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@rm -f .venv/dev-* && touch $@

INSTALLED := .venv/run-$(shell sha256sum requirements.txt | cut -c1-16)
DEVELOPING := $(INSTALLED) .venv/dev-$(shell sha256sum requirements-dev.txt | cut -c1-16)

run: export CATALOGUE_DEMO := true
run: export SITE_URL ?= http://127.0.0.1:$(PORT)
# Hashed and compressed, as in production.
var/static/staticfiles.json: $(shell find static catalogue/static reviews/static -type f) $(INSTALLED)
	@$(PRODUCTION) $(PYTHON) manage.py collectstatic --noinput --clear --verbosity 0

run: $(INSTALLED) var/static/staticfiles.json ## Start the site with the demo catalogue on http://127.0.0.1:8000/ (PORT= to change)
	@$(PYTHON) manage.py migrate --verbosity 0
	@$(PYTHON) manage.py load_demo --once
	@echo "Serving on http://127.0.0.1:$(PORT)/ (Ctrl-C stops it)"
	@exec .venv/bin/gunicorn catalogue.wsgi:application --bind 127.0.0.1:$(PORT) --worker-class gthread --workers 2 \
		--threads 2 --preload --no-control-socket --log-level warning

test: $(DEVELOPING) ## Run the tests on SQLite and on PostgreSQL, with a browser where there is one
	@$(PYTHON) -m tests.databases $(PYTEST)

stack: $(DEVELOPING) ## Start the site as it is deployed: nginx with TLS, gunicorn, worker, PostgreSQL with a replica, Redis
	@exec $(PYTHON) -m deploy.local --demo

drills: $(DEVELOPING) ## Break the site as it is deployed in twenty ways under load, on both databases, and see what people notice
	@$(PYTHON) -m tests.stack.drills

soak: $(DEVELOPING) ## Have the site as it is deployed serve 70 % of what it can for MINUTES=30, and see that it stays as it is
	@$(PYTHON) -m tests.stack.soak

stack-test: $(DEVELOPING) ## Walk through the site as it is deployed, and reload it under load
	@DEBUG=true STACK=1 $(PYTHON) -m pytest -q tests/stack

bench: $(DEVELOPING) ## Measure pages, sixteen writers at once, searches, browsing and imports (BENCH_MOVIES=1000000 for the full size)
	@$(PYTHON) -m tests.benchmarks.pages --movies $(BENCH_MOVIES) --write
	@$(PYTHON) -m tests.benchmarks.writes
	@$(PYTHON) -m tests.benchmarks.search --movies $(BENCH_MOVIES)
	@$(PYTHON) -m tests.benchmarks.browse --movies $(BENCH_MOVIES)
	@$(PYTHON) -m tests.benchmarks.imports
	@KILLS=20 MOVIES=3000 $(PYTHON) -m tests.databases tests/catalogue/importers/test_kill.py -k killed

check: $(DEVELOPING) ## Check style, types, layers, templates, migrations, settings and locks
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	DEBUG=true .venv/bin/mypy .
	.venv/bin/lint-imports --no-logo
	.venv/bin/djlint --lint --quiet templates
	DEBUG=true $(PYTHON) manage.py makemigrations --check --dry-run
	mkdir -p var
	$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	$(MAKE) --no-print-directory lock-check

.PHONY: lock-check
lock-check:
	@! grep -nE '://|--(extra-)?index-url|--find-links|--trusted-host|^-[if] ' requirements*.txt || { echo "A lock names a host."; exit 1; }
	@for name in requirements requirements-s3 requirements-dev; do \
		cp $$name.txt var/$$name.lock; \
		$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header -o var/$$name.lock $$name.in; \
		diff -q $$name.txt var/$$name.lock || { echo "$$name.txt is stale: run make lock."; exit 1; }; \
	done

lock: $(DEVELOPING) ## Write the locks anew after a change of requirements*.in
	@for name in requirements requirements-s3 requirements-dev; do \
		$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header -o $$name.txt $$name.in; \
	done

sbom: $(INSTALLED) ## Write the bill of materials (CycloneDX) to var/sbom.cdx.json
	@mkdir -p var && $(PYTHON) deploy/sbom.py > var/sbom.cdx.json && echo "var/sbom.cdx.json"

audit: ## Ask whether a locked package has a known weakness; needs the network
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; python3 -m venv "$$folder"; 	"$$folder/bin/python" -m pip install --quiet --disable-pip-version-check pip-audit || { echo "NOT AUDITED: pip-audit could not be installed."; exit 2; }; 	"$$folder/bin/pip-audit" --strict --disable-pip --require-hashes --progress-spinner off -r requirements.txt -r requirements-s3.txt || { echo "NOT CLEAN, or the list of weaknesses could not be read: see above."; exit 1; }

format: $(DEVELOPING) ## Put the code into its form
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

clean: ## Remove what was installed and built, not var/, which holds your data
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
