"""Where the in-the-box stores of a data folder listen (they are started by `runtime.stores`)."""

from pathlib import Path


def embedded_dsn(data_dir: Path) -> str:
    """Connection string of the PostgreSQL that belongs to `data_dir`, running or not."""
    return f"postgresql://textwell@/textwell?host={data_dir / 'pg-socket'}"


def embedded_nats_url(data_dir: Path) -> str:
    """Address of the NATS server that belongs to `data_dir`; the port is in `nats/port`."""
    path = data_dir / "nats" / "port"
    port = path.read_text().strip() if path.exists() else "4222"
    return f"nats://127.0.0.1:{port}"
