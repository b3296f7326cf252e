"""Finds or installs a browser for the browser tests. Exit 0 either way: they skip without one."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_S = 600


def find_browser() -> str | None:
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return None


def attempt(*command: str) -> bool:
    """Whether the command ended well; what it prints is shown."""
    try:
        return subprocess.run(command, check=False, timeout=PATIENCE_S).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"{command[0]}: {error}")
        return False


def main() -> None:
    found = find_browser()
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if found is None and is_root and shutil.which("apt-get"):
        attempt("apt-get", "update", "-qq")
        attempt("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
        found = find_browser()
    if found is not None:
        print(f"Browser: {found}")
    elif attempt(sys.executable, "-m", "playwright", "install", "chromium"):
        print("Browser: Playwright's own Chromium")
    else:
        print("No browser here: the browser tests will be skipped and say so.")


if __name__ == "__main__":
    main()
