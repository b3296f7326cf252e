"""Structured logs, for people (console) or machines (JSON lines); `core.masks` hides numbers.

One configuration for structlog and the standard library, on standard error.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from textwell.core.masks import mask_text, mask_value
from textwell.core.room import NO_SPACE, room_mend
from textwell.core.settings import load_settings

Values = MutableMapping[str, Any]  # Any: a log line may carry whatever was at hand


def mask_processor(_logger: Any, _method: str, values: Values) -> Values:  # Any: structlog's own
    """A structlog processor: last before rendering, so that tracebacks are masked too."""
    if not isinstance(values.get("request"), str):
        values.pop("request", None)  # Django's own lines carry the whole request
    return {mask_text(str(key)): mask_value(key, value) for key, value in values.items()}


def add_room_mend(_logger: Any, _method: str, values: Values) -> Values:  # Any: structlog's own
    """A structlog processor: an error that a full disk caused says what mends it."""
    if NO_SPACE in str(values.get("error", "")):
        values.setdefault("mend", room_mend(load_settings()))
    return values


def _renderer(log_format: str) -> list[Any]:  # Any: structlog's processors are of many types
    if log_format == "json":
        return [
            structlog.processors.format_exc_info,
            mask_processor,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    plain = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    return [structlog.processors.format_exc_info, mask_processor, plain]


class _StandardError(logging.StreamHandler[Any]):  # Any: whatever sys.stderr is
    """Writes to what `sys.stderr` is when a line is written, not when logs were set up."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr


def configure_logs(role: str, *, log_format: str | None = None, level: str | None = None) -> None:
    """Set up logs of this process; every line carries `role`. Calling it again replaces the set-up."""
    settings = load_settings()

    def add_role(_logger: Any, _method: str, values: Values) -> Values:  # Any: structlog's own
        values.setdefault("role", role)
        return values

    shared: list[Any] = [  # Any: as above
        add_role,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        add_room_mend,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_renderer(log_format or settings.log_format),
        ],
    )
    handler = _StandardError()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel((level or settings.log_level).upper())
    logging.getLogger("django.server").handlers = []
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
