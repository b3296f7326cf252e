"""What the fork server imports before it makes children: Django, all models, the roles' modules.

Importing this module prepares the process for copying. It opens no file, socket or connection that
a child would share, and starts no thread: only the thread that forks exists in a copy.
"""

import gc
import importlib
import os
import signal

import django
import setproctitle

from textwell.runtime.forkserver import HELD_BACK

MODULES = (
    "granian.server",
    "uvloop",
    "textwell.cli.run",
    "textwell.edge.app",
    "textwell.runtime.http",
    "textwell.runtime.launch",
    "textwell.runtime.roles.connector",
    "textwell.runtime.roles.ingest",
    "textwell.runtime.roles.scheduler",
    "textwell.runtime.roles.worker",
)

# It ends when the supervisor and all children have; a signal to the whole group is theirs to heed.
signal.pthread_sigmask(signal.SIG_BLOCK, HELD_BACK)
os.environ.setdefault("SPT_NOENV", "1")  # titles leave /proc/PID/environ readable
setproctitle.setproctitle("textwell fork server")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "textwell.config.settings")
django.setup()
for name in MODULES:
    importlib.import_module(name)
gc.collect()
gc.freeze()  # a collection in a child would touch, and so copy, every page
