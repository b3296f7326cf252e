"""Starts a program with another user's rights, or so that it dies with its parent.

Run as `python -I lowered.py [--user NAME] [--caps] [--with-parent SIGNAL] -- PROGRAM ARGS…`; it
becomes the program (exec). PostgreSQL refuses to run as root, so root starts it through this.

`--caps` keeps CAP_DAC_OVERRIDE: the user may then reach folders below a closed one (a checkout
under /root), without any change to the permissions of folders. Standard library only: it runs
before anything of ours can be imported.
"""

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def _checked(libc: ctypes.CDLL, result: int, what: str) -> None:
    del libc
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def become(user: str, *, keeps_reach: bool) -> None:
    """Take the user's rights, for good; capabilities(7) describes the order of the steps."""
    entry = pwd.getpwnam(user)
    libc = ctypes.CDLL(None, use_errno=True) if keeps_reach else None
    if libc is not None:
        _checked(libc, libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), "keepcaps")
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    if libc is not None:
        bit = 1 << CAP_DAC_OVERRIDE
        header = _Header(CAPABILITY_VERSION_3, 0)
        data = (_Data * 2)(_Data(bit, bit, bit), _Data(0, 0, 0))
        _checked(libc, libc.capset(ctypes.byref(header), ctypes.byref(data)), "capset")
        raised = libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)
        _checked(libc, raised, "ambient capability")


def die_with_parent(signal_number: int) -> None:
    """Linux: get the signal when the parent ends, however it ends. Elsewhere: nothing."""
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os.kill(os.getpid(), signal_number)


def main(arguments: list[str]) -> None:
    split = arguments.index("--")
    options, command = arguments[:split], arguments[split + 1 :]
    if "--user" in options:
        user = options[options.index("--user") + 1]
        become(user, keeps_reach="--caps" in options)
    if "--with-parent" in options:
        name = options[options.index("--with-parent") + 1]
        die_with_parent(signal.Signals[name])
    os.execv(command[0], command)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
