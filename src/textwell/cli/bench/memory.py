"""Memory of the processes of a run: the most that each had at once, as Linux counts it.

A process of its own has its peak from the kernel. Where several share pages, as PostgreSQL's and those of an
HTTP role, each page would count once for each of them, so share-weighted sizes are summed, every few seconds.
"""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

PROC = Path("/proc")
LOOK_S = 2.0
KB_OF_MB = 1024


def peak_mb(pid: int) -> float | None:
    """The most resident memory a process had since its start, MB; None where the system does not say."""
    return _read_mb(PROC / str(pid) / "status", "VmHWM:")


def tree_mb(pid: int) -> float | None:
    """Of a process and all under it now, MB, what they share counted once; None as above."""
    sizes = [_read_mb(PROC / str(each) / "smaps_rollup", "Pss:") for each in _tree(pid)]
    known = [size for size in sizes if size is not None]
    return sum(known) if known else None


def _tree(pid: int) -> list[int]:
    found, at = [pid], 0
    while at < len(found):
        each = str(found[at])
        at += 1
        try:
            words = (PROC / each / "task" / each / "children").read_text(encoding="ascii").split()
        except OSError:  # ended meanwhile, or another system
            continue
        found += [int(word) for word in words]
    return found


def _read_mb(file: Path, name: str) -> float | None:
    try:
        lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith(name):
            return int(line.split()[1]) / KB_OF_MB
    return None


class TreeWatch:
    """The most that some process trees had while the block ran, by name; looked at every `LOOK_S`."""

    def __init__(self, trees: Callable[[], Mapping[str, int]]) -> None:
        """`trees`: name and top process of each, asked anew at each look: some start later."""
        self._trees = trees
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)
        self.peaks_mb: dict[str, float] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            for name, pid in self._trees().items():
                size = tree_mb(pid)
                if size is not None:
                    self.peaks_mb[name] = max(size, self.peaks_mb.get(name, 0.0))
            if self._is_over.wait(LOOK_S):
                return
