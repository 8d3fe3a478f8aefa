#!/usr/bin/env bash
# Print the path of a Chromium that the browser tests can drive, installing one where that is possible.
# Usage: find-chromium.sh PYTHON
set -u
python=$1

# The one that the app itself prints reports with, else the one that Playwright keeps.
look() {
  "$python" - <<'PY' 2>/dev/null
import os
import sys

from webapp.report.pdf import chromium

found = chromium()
if found is None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
        found = path if os.access(path, os.X_OK) else None
print(found) if found else sys.exit(1)
PY
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
