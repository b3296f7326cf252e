"""The web role's worker process: pages and API over WSGI, health on the metrics port too."""

from threading import Thread

from textwell.core.settings import load_settings
from textwell.runtime.boot import leave_with_parent, start_django

start_django("web")
leave_with_parent()
(load_settings().data_dir / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise looks there

from django.urls import get_resolver  # noqa: E402 - Django first

from textwell.config.wsgi import application  # noqa: E402
from textwell.messaging.own_packs import follow_packs  # noqa: E402
from textwell.runtime.launch import show_metrics  # noqa: E402

__all__ = ["application"]

show_metrics("web", load_settings(), dict)
follow_packs()
# Every page and operation is read meanwhile: the first call need not wait for all of them.
Thread(target=lambda: get_resolver().url_patterns, name="warm", daemon=True).start()
