#!/bin/sh
# Installs what the tests need and the machine lacks. What is there already is left alone, whoever put it there; where all
# of it is there, nothing is asked of any network.
set -eu
cd "$(dirname "$0")/.."

has() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }

has_browser() {
	[ -n "${SOPAN_CHROMIUM:-}" ] && return 0
	for name in chromium chromium-browser google-chrome google-chrome-stable msedge; do
		if has "$name"; then return 0; fi
	done
	return 1
}

missing=
has_browser || missing="$missing chromium"
has nginx || missing="$missing nginx-light"
has java || missing="$missing default-jre-headless"
has node && has npm || missing="$missing nodejs npm"
has xmllint || missing="$missing libxml2-utils"
# The race detector is C.
has cc || has gcc || missing="$missing gcc libc6-dev"

if [ -n "$missing" ]; then
	if ! has apt-get; then
		echo "setup: missing here:$missing" >&2
		echo "setup: these are their names in Debian; install what your system calls them and run this again" >&2
		exit 3
	fi
	sudo=
	[ "$(id -u)" = 0 ] || sudo=sudo
	echo "setup: installing$missing"
	export DEBIAN_FRONTEND=noninteractive
	$sudo apt-get update -qq
	# nginx must not start a server of its own: the tests start theirs on a free port.
	# shellcheck disable=SC2086
	$sudo env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

# npm writes this file last, so it is as new as the lock when an install went through.
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch node_modules/.package-lock.json
fi
