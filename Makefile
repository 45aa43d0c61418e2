# gobraid: what a person calls is lab, test, build, notebooks, bench, speed and clean.

GO     ?= go
PYTHON ?= python3
ARGS   ?=

program   := .lab/gobraid
venv      := .lab/venv
test_venv := .lab/test
kernel    := $(venv)/share/jupyter/kernels/gobraid

# JupyterLab refuses to run as root unless it is told to.
allow_root := $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: help
help:
	@echo 'make lab         JupyterLab on notebooks/, with the kernel; options: ARGS="--no-browser --port 9999"'
	@echo 'make test        everything that has to pass'
	@echo 'make build       the program, $(program)'
	@echo 'make notebooks   run the notebooks and keep their outputs'
	@echo "make conformance Go's own run tests, counted; ENGINE=compiled or yaegi"
	@echo 'make bench       measure the kernel beside ipykernel'
	@echo 'make speed       measure both engines beside go, bare yaegi and CPython'
	@echo 'make clean       remove .lab'

# With it, gobraid can prove that a goroutine waits for ever. Go 1.27 has it anyway, and no such experiment.
experiments := $(shell GOEXPERIMENT=goroutineleakprofile $(GO) env GOEXPERIMENT 2>/dev/null)

# Go knows best what has changed, so it is always asked.
.PHONY: build
build:
	@mkdir -p .lab
	@$(GO) generate ./interp/lower/normal/source
	GOEXPERIMENT=$(experiments) $(GO) build -trimpath -buildvcs=false -o $(program) .
	$(GO) build -trimpath -buildvcs=false -o $(dir $(program)) ./gobraid-nats ./gobraid-export

# --- lab

# With papermill's parameters in Go, for those who install papermill there.
$(venv)/.ready: requirements.txt $(wildcard install/papermill/*)
	$(PYTHON) -m venv $(venv)
	$(venv)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt ./install/papermill
	@touch $@

# What is installed holds its own place, so it is installed again when the clone has moved. For the same reason
# JupyterLab is started as a module: the scripts of a Python environment hold their place too.
.PHONY: install
install: build $(venv)/.ready
	@cmp -s $(program) $(kernel)/gobraid && test "$$(cat $(venv)/.installed)" = '$(CURDIR)' || \
		{ rm -f $(venv)/.installed && $(program) install --prefix $(venv) && echo '$(CURDIR)' >$(venv)/.installed; }

.PHONY: lab
lab: install
	JUPYTER_PREFER_ENV_PATH=1 $(venv)/bin/python -m jupyterlab notebooks $(allow_root) $(ARGS)

# --- test

$(test_venv)/.ready: requirements.txt tests/requirements.txt
	$(PYTHON) -m venv $(test_venv)
	$(test_venv)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

.PHONY: lint
lint:
	@unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')) && test -z "$$unformatted" || { echo "not gofmt'ed:"; echo "$$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

.PHONY: browser
browser:
	@test -n "$$GOBRAID_NO_BROWSER" || tests/browser

# pytest is last, so that its closing line is. Two of its tests run at a time, as of the packages.
.PHONY: test
test: lint build $(test_venv)/.ready browser
	GOBRAID=$(CURDIR)/$(program) GOBRAID_PYTHON=$(CURDIR)/$(test_venv)/bin/python $(GO) test -race -p 2 -timeout 15m ./...
	GOBRAID=$(CURDIR)/$(program) $(test_venv)/bin/python -m pytest -n 2 --dist worksteal tests $(ARGS)

# --- upkeep

.PHONY: notebooks
notebooks: build
	for nb in notebooks/*.ipynb; do $(program) run -o $$nb $$nb || exit; done

.PHONY: bench
bench: build $(test_venv)/.ready
	GOBRAID=$(CURDIR)/$(program) $(test_venv)/bin/python tests/bench.py $(ARGS)

# Go's own run tests through an engine, counted.
ENGINE ?= compiled
.PHONY: conformance
conformance: build
	$(GO) run ./conformance -gobraid $(program) -engine $(ENGINE) $(ARGS)

# The same work by the Go compiler, the bare interpreter, both engines and CPython.
.PHONY: speed
speed: build
	$(GO) run ./speed -gobraid $(program) -python $(PYTHON) $(ARGS)

.PHONY: clean
clean:
	rm -rf .lab
