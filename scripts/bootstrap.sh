#!/usr/bin/env bash
# Makes the virtual environment: the locked tools, each checked against its hash, and the project itself, editable.
# Usage: scripts/bootstrap.sh PYTHON VENV
set -euo pipefail
cd "$(dirname "$0")/.."

python="${1:-}"
venv="${2:-.venv}"
enough='import sys; raise SystemExit(sys.version_info < (3, 11))'

if ! "$venv/bin/python" -c "$enough" 2>/dev/null; then
  if [ -z "$python" ] || ! "$python" -c "$enough"; then
    echo "LTU Triage needs Python 3.11 or later: install one, or say make PYTHON=/path/to/python" >&2
    exit 1
  fi
  rm -rf "$venv"
  if ! "$python" -m venv "$venv"; then
    echo "$python cannot make a virtual environment: on Debian and Ubuntu, install python3-venv" >&2
    exit 1
  fi
fi
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip

pip() { "$venv/bin/python" -m pip --quiet --quiet --disable-pip-version-check --no-input "$@"; }
uv() { "$venv/bin/uv" --quiet --no-progress pip "$1" --python "$venv/bin/python" "${@:2}"; }

# Both read the same locked hashes. uv is several times quicker; pip does the same wherever uv cannot run.
fill() {
  "$1" install --require-hashes --only-binary :all: -r requirements/dev.txt &&
    # hatchling and editables come from the lock, so the project's own build fetches nothing.
    "$1" install --no-deps --no-build-isolation --editable .
}

if ! { pip install --require-hashes --only-binary :all: -r requirements/uv.txt && fill uv; }; then
  echo "uv could not install the locked tools: trying pip" >&2
  fill pip
fi
