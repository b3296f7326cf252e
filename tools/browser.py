"""Finds or installs a browser for the browser tests, which find it by the same function.

Without one they are skipped and say so; where the variable CI is true that is a failure.
"""

import os
import shutil
import subprocess
import sys

# Chromium without its windows first: the same pages, a fifth less work for each.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
PACKAGES = ("chromium-headless-shell", "chromium")  # Debian's; not every release has the first
PATIENCE_S = 600


def find_browser() -> str | None:
    """The program of a Chromium: one in the path, else Playwright's own."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return _playwright_browser()


def _playwright_browser() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.access(path, os.X_OK) else None


def is_required() -> bool:
    return os.environ.get("CI", "").lower() in {"true", "1"}


def attempt(*command: str) -> bool:
    """Whether the command ended well; what it prints is shown."""
    try:
        return subprocess.run(command, check=False, timeout=PATIENCE_S).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"{command[0]}: {error}")
        return False


def main() -> int:
    found = find_browser()
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if found is None and is_root and shutil.which("apt-get"):
        attempt("apt-get", "update", "-qq")
        for package in PACKAGES:
            attempt("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)
            if (found := find_browser()) is not None:
                break
    if found is not None:
        print(f"Browser: {found}")
        return 0
    attempt(sys.executable, "-m", "playwright", "install", "chromium")
    if (own := find_browser()) is not None:
        print(f"Browser: {own}")
        return 0
    if is_required():
        print("No browser here, and CI is set: the browser tests must run.")
        return 1
    print("No browser here: the browser tests will be skipped and say so.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
