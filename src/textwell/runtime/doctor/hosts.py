"""Workspaces' own link domains, by what their last check found. Asks nothing of the network."""

from collections.abc import Iterator

from textwell.runtime.doctor.types import Finding, ok, warn

CHECK = "Press Check on the page Settings, Link domain."


def check_link_hosts() -> Iterator[Finding]:
    """A line for each that is present; nothing where no workspace has one."""
    from textwell.links.host_words import mend_of, problem_of
    from textwell.links.models import LinkHost

    for host in LinkHost.objects.filter(retired_at=None).order_by("id"):
        subject = f"link domain {host.host}"
        problem = problem_of(host).rstrip(".")
        if host.state == "unchecked":
            yield warn(subject, "was never checked, so no link begins with it", CHECK)
        elif problem:
            yield warn(subject, problem, mend_of(host))
        else:
            yield ok(subject, f"links arrived when it was checked, {host.checked_at:%Y-%m-%d}")
