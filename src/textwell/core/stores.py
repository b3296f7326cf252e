"""Where the in-the-box stores of a data folder listen (they are started by `runtime.stores`)."""

import hashlib
import tempfile
from pathlib import Path
from urllib.parse import quote

# A Unix socket's path may have 107 octets on Linux and 103 on macOS; PostgreSQL appends this.
SOCKET_NAME = "/.s.PGSQL.5432"
SOCKET_PATH_LIMIT = 103


def socket_dir(data_dir: Path) -> Path:
    """Folder of PostgreSQL's socket: in the data folder, or a short one where that is too long."""
    inside = data_dir / "pg-socket"
    if len(f"{inside}{SOCKET_NAME}".encode()) <= SOCKET_PATH_LIMIT:
        return inside
    record = data_dir / "pg-socket.path"  # written by whoever starts the store
    if record.exists():
        return Path(record.read_text().strip())
    name = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"textwell-{name}"


def embedded_dsn(data_dir: Path, *, database: str = "textwell") -> str:
    """Connection string of the PostgreSQL that belongs to `data_dir`, running or not."""
    return f"postgresql://textwell@/{database}?host={quote(str(socket_dir(data_dir)), safe='/')}"


def nats_port_file(data_dir: Path) -> Path:
    return data_dir / "nats" / "port"


def embedded_nats_url(data_dir: Path) -> str:
    """Address of the NATS server that belongs to `data_dir`; the port is in `nats/port`."""
    path = nats_port_file(data_dir)
    port = path.read_text().strip() if path.exists() else ""
    return f"nats://127.0.0.1:{port or 4222}"
