"""Running JavaScript of ours, where the machine has Node."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import textwell.client

MODULE = Path(textwell.client.__file__).with_name("textwell.mjs")
OLDEST = 20
PATIENCE_S = 60


def run_module(text: str, *arguments: str, **environment: str) -> str:
    """Run a module that imports from "./textwell.mjs"; answers what it prints."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on this machine")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.strip().lstrip("v").split(".")[0]) < OLDEST:
        pytest.skip(f"node is {version.strip()}, older than {OLDEST}")
    source = text.replace('"./textwell.mjs"', json.dumps(MODULE.as_uri()))
    done = subprocess.run(
        [node, "--input-type=module", "-", *arguments],
        input=source, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        env=os.environ | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
