#!/usr/bin/env bash
# Print the path of a Chromium that the browser tests can drive, installing one where that is possible.
# Usage: find-chromium.sh PYTHON
set -u
python=$1

look() {
  if [ -n "${MASAFA_CHROMIUM:-}" ]; then
    [ -x "$MASAFA_CHROMIUM" ] && echo "$MASAFA_CHROMIUM" && return 0
  fi
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    # Ubuntu's chromium-browser may be a stub that only asks for snap: it must answer to --version.
    if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then
      command -v "$name"
      return 0
    fi
  done
  own=$("$python" -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    print(p.chromium.executable_path)' 2>/dev/null)
  [ -n "$own" ] && [ -x "$own" ] && echo "$own"
}

look && exit 0
echo "No Chromium yet: installing one for the browser tests" >&2
timeout 300 "$python" -m playwright install chromium >/dev/null 2>&1
look && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fonts-noto-core; } >/dev/null 2>&1
  look && exit 0
fi
cat >&2 <<'MSG'
The browser tests need Chromium, and it could not be installed here.
On Debian:   sudo apt-get install chromium
Elsewhere:   .venv/bin/python -m playwright install chromium
or set MASAFA_CHROMIUM to the path of a Chromium or Chrome.
MSG
exit 1
