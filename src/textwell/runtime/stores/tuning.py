"""Settings of the stores by the size of the machine (pure but for asking the machine)."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from textwell.runtime.limits import count_cpus, find_limits

MB = 1024 * 1024
GB = 1024 * MB
MAX_CONNECTIONS = 200
SMALL_SHM_OCTETS = 512 * MB  # containers often have 64 MB


@dataclass(frozen=True, slots=True)
class Machine:
    memory_octets: int
    cpu_count: int
    disk_free_octets: int
    shm_octets: int


def measure_machine(folder: Path) -> Machine:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    shm = Path("/dev/shm")  # noqa: S108 - asked for its size only
    return Machine(
        memory_octets=min(total, find_limits().memory_octets or total),
        cpu_count=count_cpus(),
        disk_free_octets=shutil.disk_usage(folder).free,
        shm_octets=shutil.disk_usage(shm).total if shm.is_dir() else 0,
    )


def _clamp(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))


def _mb(octets: int) -> str:
    return f"{octets // MB}MB"


def postgres_settings(machine: Machine, *, is_durable: bool, has_lz4: bool) -> dict[str, str]:
    """Values for postgresql.conf. The machine is shared with every role, so an eighth is ours."""
    wal = _clamp(machine.disk_free_octets // 10, 256 * MB, 4 * GB)
    values = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": str(MAX_CONNECTIONS),
        "shared_buffers": _mb(_clamp(machine.memory_octets // 8, 64 * MB, 8 * GB)),
        "effective_cache_size": _mb(_clamp(machine.memory_octets // 2, 128 * MB, 512 * GB)),
        "work_mem": _mb(_clamp(machine.memory_octets // 256, 4 * MB, 64 * MB)),
        "maintenance_work_mem": _mb(_clamp(machine.memory_octets // 32, 32 * MB, GB)),
        "max_wal_size": _mb(wal),
        "min_wal_size": _mb(_clamp(wal // 4, 128 * MB, GB)),
        "wal_buffers": "32MB",
        "wal_compression": "lz4" if has_lz4 else "on",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "random_page_cost": "1.1",
        "max_worker_processes": str(max(8, machine.cpu_count)),
        "max_parallel_workers_per_gather": str(_clamp(machine.cpu_count // 2, 0, 4)),
        "jit": "off",  # our statements are short or bulk: compiling them costs more than it gives
        "fsync": "on",
        "synchronous_commit": "on",
        "autovacuum_naptime": "15s",
        "autovacuum_max_workers": str(_clamp(machine.cpu_count // 2, 2, 5)),
        "autovacuum_vacuum_cost_limit": "2000",
        "autovacuum_vacuum_scale_factor": "0.1",
        "autovacuum_analyze_scale_factor": "0.05",
        "idle_in_transaction_session_timeout": "10min",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # Statements, their parameters and the details of errors hold numbers of people.
        "log_min_duration_statement": "-1",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_checkpoints": "off",
    }
    if machine.shm_octets < SMALL_SHM_OCTETS:
        values["dynamic_shared_memory_type"] = "mmap"
    if not is_durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        values |= {"shared_buffers": "128MB", "autovacuum_naptime": "1min"}
    return values


def postgres_conf(values: dict[str, str]) -> str:
    """The text of an included configuration file."""
    head = "# Written by Textwell at every start. Put your own settings into postgresql.conf\n"
    head += "# below the line that includes this file.\n"
    return head + "".join(f"{name} = '{value}'\n" for name, value in values.items())


def nats_conf(
    *, port: int, name: str, store_dir: Path, pid_file: Path, log_file: Path, is_durable: bool
) -> str:
    """The text of nats.conf. Without `sync_interval: always` a power cut loses acknowledged data."""
    sync = "always" if is_durable else '"2m"'
    return f"""# Written by Textwell at every start.
listen: "127.0.0.1:{port}"
server_name: "{name}"
pid_file: "{pid_file}"
log_file: "{log_file}"
logfile_size_limit: 10MB
max_payload: 8MB
max_pending: 128MB
write_deadline: "10s"
jetstream {{
  store_dir: "{store_dir}"
  sync_interval: {sync}
}}
"""
