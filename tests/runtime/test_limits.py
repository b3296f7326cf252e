"""Limits of control groups, read from files as the kernel writes them."""

import os
from pathlib import Path

import pytest

from textwell.runtime import limits
from textwell.runtime.limits import (
    Limits,
    count_cpus,
    find_limits,
    parse_cpu_max,
    parse_cpu_quota,
    parse_membership,
    parse_octets,
)
from textwell.runtime.stores import tuning

GB = 1024**3
V2 = "0::/system.slice/textwell.service\n"
V1 = "12:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n0::/\n"


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize(
    ("what", "membership", "files", "found"),
    [
        ("v2, in a container", "0::/\n",
         {"memory.max": f"{2 * GB}\n", "cpu.max": "150000 100000\n"}, Limits(2 * GB, 1.5)),
        ("v2, a service of systemd", V2,
         {"system.slice/textwell.service/memory.max": f"{GB}\n",
          "system.slice/textwell.service/cpu.max": "50000 100000\n"}, Limits(GB, 0.5)),
        ("v2, a tighter one above", V2,
         {"system.slice/textwell.service/memory.max": f"{4 * GB}\n",
          "system.slice/memory.max": f"{GB}\n", "system.slice/cpu.max": "max 100000\n"},
         Limits(GB, None)),
        ("v1, the host's path is in sight", V1,
         {"memory/docker/abc/memory.limit_in_bytes": f"{GB}\n",
          "cpu,cpuacct/docker/abc/cpu.cfs_quota_us": "300000\n",
          "cpu,cpuacct/docker/abc/cpu.cfs_period_us": "100000\n"}, Limits(GB, 3.0)),
        ("v1, in a container", V1,
         {"memory/memory.limit_in_bytes": f"{GB}\n", "cpu/cpu.cfs_quota_us": "25000\n",
          "cpu/cpu.cfs_period_us": "100000\n"}, Limits(GB, 0.25)),
        ("v1, without limits", V1,
         {"memory/memory.limit_in_bytes": "9223372036854771712\n", "cpu/cpu.cfs_quota_us": "-1\n",
          "cpu/cpu.cfs_period_us": "100000\n"}, Limits(None, None)),
        ("a path that leads out of sight", "0::/../other\n", {"memory.max": f"{GB}\n"},
         Limits(GB, None)),
        ("no control groups", "", {}, Limits(None, None)),
    ],
)  # fmt: skip
def test_the_tightest_limit_on_our_groups_is_found(
    tmp_path: Path, what: str, membership: str, files: dict[str, str], found: Limits
) -> None:
    own = tmp_path / "own"
    own.write_text(membership)

    assert find_limits(written(tmp_path / "cgroup", files), own) == found


def test_what_is_no_number_limits_nothing() -> None:
    assert (parse_octets("max\n"), parse_octets(""), parse_octets("-1")) == (None, None, None)
    assert (parse_cpu_max("max 100000"), parse_cpu_max(""), parse_cpu_max("200000")) == (
        None,
        None,
        2,
    )
    assert (parse_cpu_quota("-1", "100000"), parse_cpu_quota("5", "0")) == (None, None)
    assert parse_membership("nonsense\n3:cpu,cpuacct:/a:b\n") == {"cpu": "/a:b", "cpuacct": "/a:b"}


@pytest.mark.parametrize(
    ("what", "allowed", "quota", "count"),
    [
        ("no quota", 4, None, 4),
        ("a quota below", 8, 1.5, 2),
        ("a quota above", 2, 16.0, 2),
        ("a tenth", 8, 0.1, 1),
    ],
)
def test_processors_are_those_that_we_may_use(
    monkeypatch: pytest.MonkeyPatch, what: str, allowed: int, quota: float | None, count: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(allowed)), raising=False)
    monkeypatch.setattr(limits, "find_limits", lambda: Limits(None, quota))

    assert count_cpus() == count


def test_the_stores_are_tuned_for_the_limit_and_not_the_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tuning, "find_limits", lambda: Limits(GB // 2, 1.0))
    monkeypatch.setattr(tuning, "count_cpus", lambda: 1)

    machine = tuning.measure_machine(tmp_path)

    assert (machine.memory_octets, machine.cpu_count) == (GB // 2, 1)
