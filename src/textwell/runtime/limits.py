"""What this process may use of its machine: control groups (v1 and v2) and processor affinity.

Read at each start. A limit may be set on any group above ours, and the tightest one counts. In a
container the group that `/proc/self/cgroup` names may not be in sight; its own limits are then at
the root of what is mounted, which every walk ends with.
"""

import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

Number = TypeVar("Number", int, float)

CGROUP_ROOT = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
NO_LIMIT_OCTETS = 1 << 62  # v1 says that there is none with a number near 2**63


@dataclass(frozen=True, slots=True)
class Limits:
    """None where nothing limits. `cpus`: processors' worth of time a second, 0.5 is half of one."""

    memory_octets: int | None
    cpus: float | None


def parse_membership(text: str) -> dict[str, str]:
    """The group by controller from `/proc/self/cgroup`; '' is the one of v2."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        _number, _, rest = line.partition(":")
        controllers, colon, group = rest.partition(":")
        if colon:
            found |= dict.fromkeys(controllers.split(","), group)
    return found


def parse_octets(text: str) -> int | None:
    """`memory.max` of v2, `memory.limit_in_bytes` of v1."""
    word = text.strip()
    octets = int(word) if word.isdecimal() else NO_LIMIT_OCTETS
    return octets if octets < NO_LIMIT_OCTETS else None


def parse_cpu_max(text: str) -> float | None:
    """`cpu.max` of v2: quota and period in microseconds, or `max` and the period."""
    quota, _, period = text.strip().partition(" ")
    return parse_cpu_quota(quota, period or "100000")


def parse_cpu_quota(quota: str, period: str) -> float | None:
    """`cpu.cfs_quota_us` and `cpu.cfs_period_us` of v1; a quota of -1 is none."""
    if not quota.strip().isdecimal() or not period.strip().isdecimal():
        return None
    known = int(quota), int(period)
    return known[0] / known[1] if all(known) else None


def find_limits(root: Path = CGROUP_ROOT, membership: Path = MEMBERSHIP) -> Limits:
    """The tightest limits on this process's groups; none where there are no control groups."""
    groups = parse_membership(_read(membership))
    return Limits(_tightest(_memories(root, groups)), _tightest(_quotas(root, groups)))


def _memories(root: Path, groups: dict[str, str]) -> Iterator[int | None]:
    for folder in _walk(root, groups.get("", "/")):
        yield parse_octets(_read(folder / "memory.max"))
    for folder in _walk(root / "memory", groups.get("memory", "/")):
        yield parse_octets(_read(folder / "memory.limit_in_bytes"))


def _quotas(root: Path, groups: dict[str, str]) -> Iterator[float | None]:
    for folder in _walk(root, groups.get("", "/")):
        yield parse_cpu_max(_read(folder / "cpu.max"))
    for name in ("cpu", "cpu,cpuacct"):
        for folder in _walk(root / name, groups.get("cpu", "/")):
            quota = _read(folder / "cpu.cfs_quota_us")
            yield parse_cpu_quota(quota, _read(folder / "cpu.cfs_period_us"))


def _tightest(found: Iterable[Number | None]) -> Number | None:
    return min((each for each in found if each is not None), default=None)


def count_cpus() -> int:
    """How many processors' worth of work we may do at once: at least one, a part counts as one."""
    is_known = hasattr(os, "sched_getaffinity")  # not on macOS
    count = len(os.sched_getaffinity(0)) if is_known else os.cpu_count() or 1
    quota = find_limits().cpus
    return max(1, count if quota is None else min(count, math.ceil(quota)))


def _walk(root: Path, group: str) -> Iterator[Path]:
    """The folder of a group, and of each above it."""
    inside = PurePosixPath("/", group).relative_to("/")
    yield from (root / each for each in (inside, *inside.parents) if ".." not in each.parts)


def _read(path: Path) -> str:
    """'' where there is no such file: it limits nothing."""
    try:
        return path.read_text()
    except OSError:
        return ""
