# What a person or a machine runs on a clone. `make` alone says what there is.

GO      ?= go
TIMEOUT ?= 20m
N       ?= 2000,10000
DIST    ?= dist
FUZZTIME ?= 10m
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.DEFAULT_GOAL := help
.PHONY: help setup check typecheck test fuzz bench release

help:
	@echo "make test      everything, as the merge gate runs it; installs what the tests need"
	@echo "make check     vet and the tests that need no browser, no Node, no network: a minute, for every save"
	@echo "make fuzz      searches for input that breaks a reader, FUZZTIME=$(FUZZTIME) each; what it finds it writes into testdata/fuzz"
	@echo "make bench     build speed, memory and preview latency beside Hugo, N=$(N) lessons: half an hour; N=2000 a few minutes"
	@echo "make release   static binaries for Linux, Windows and macOS into $(DIST)/, with checksums"
	@echo "make setup     installs what the tests need: Chromium, nginx, Java, Node and the test tools of package.json"

setup:
	@sh scripts/setup.sh

check:
	$(GO) vet ./...
	$(GO) test -short -timeout $(TIMEOUT) ./...

typecheck: setup
	npx --no-install tsc --noEmit -p .

# Windows is vetted because no machine here runs it: at least it compiles, tests included.
test: setup typecheck
	$(GO) vet ./...
	GOOS=windows CGO_ENABLED=0 $(GO) vet ./...
	CGO_ENABLED=1 $(GO) test -race -timeout $(TIMEOUT) ./...

# A search by chance, which is for people and decides no merge. One target at a time, as `go test -fuzz` wants it; making a
# finding smaller is given twenty tries, since it takes most of the time otherwise.
fuzz:
	@failed=0; for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
		for target in $$(grep -rh --include='*_test.go' -o '^func Fuzz[A-Za-z0-9]*' $$dir/*_test.go | cut -c6- | sort -u); do \
			printf '%s %s: ' $$dir $$target; \
			said=$$($(GO) test $$dir -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x 2>&1) || { echo; echo "$$said"; failed=1; continue; }; \
			echo "$$said" | tail -1; \
		done; \
	done; exit $$failed

bench:
	$(GO) run ./scripts/bench -lessons $(N)

PLATFORMS = linux/amd64 linux/arm64 windows/amd64 windows/arm64 darwin/amd64 darwin/arm64

# Static, and the same bytes wherever they are built: no cgo, no paths of this machine. scripts/lexers says why it is built in a
# workspace of its own.
release:
	@rm -rf $(DIST) && mkdir -p $(DIST)
	@$(GO) run ./scripts/lexers $(DIST)/work
	@set -e; for platform in $(PLATFORMS); do \
		os=$${platform%/*}; arch=$${platform#*/}; \
		file=sopan-$$os-$$arch; [ $$os = windows ] && file=$$file.exe || true; \
		echo "$(DIST)/$$file"; \
		GOWORK=$$PWD/$(DIST)/work/go.work CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch $(GO) build -trimpath -buildvcs=false \
			-ldflags "-s -w -X main.version=$(VERSION)" -o $(DIST)/$$file ./cmd/sopan; \
	done
	@rm -rf $(DIST)/work
	@cd $(DIST) && { command -v sha256sum >/dev/null && sha256sum sopan-* || shasum -a 256 sopan-*; } > SHA256SUMS
	@echo "$(DIST)/SHA256SUMS"
