"""Structured logs, for people (console) or machines (JSON lines). Numbers of people are masked.

One configuration for structlog and the standard library, on standard error.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from textwell.core.settings import load_settings

Values = MutableMapping[str, Any]  # Any: a log line may carry whatever was at hand

# A plus sign and 8 to 15 digits, or the same digits after a quote, colon or blank.
_MSISDN = re.compile(r"(?<![\w.+-])\+\d{8,15}(?!\d)")
_PLAIN = re.compile(r"(?<!\d)\d{10,15}(?!\d)")
SHORTEST = 8  # what is shorter is hidden whole
_NUMBER_KEYS = frozenset({"msisdn", "recipient", "number", "source_addr", "destination_addr", "to"})
_SECRET_KEYS = frozenset({"password", "secret", "token", "auth_token", "api_key", "authorization"})


def mask_msisdn(msisdn: str) -> str:
    """`+84901234567` becomes `+8490•••567`: enough to tell two apart, not to call."""
    if len(msisdn) < SHORTEST:
        return "•••"
    return f"{msisdn[:5]}•••{msisdn[-3:]}"


def mask_text(text: str) -> str:
    """Mask every international number inside a text."""
    return _MSISDN.sub(lambda found: mask_msisdn(found.group()), text)


def _mask_value(key: str, value: Any) -> Any:  # Any: see Values
    if key in _SECRET_KEYS:
        return "•••"
    if isinstance(value, str):
        if key in _NUMBER_KEYS and _PLAIN.fullmatch(value):
            return mask_msisdn(value)
        return mask_text(value)
    if isinstance(value, dict):
        return {name: _mask_value(str(name), each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_mask_value(key, each) for each in value]
    return value


def mask_processor(_logger: Any, _method: str, values: Values) -> Values:  # Any: structlog's own
    """A structlog processor: last before rendering, so that tracebacks are masked too."""
    for key, value in values.items():
        values[key] = _mask_value(key, value)
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
