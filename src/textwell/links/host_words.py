"""What a check of a link domain found, in words with the mend."""

from django.utils.translation import gettext as _

from textwell.links.host_check import PROOF_PATH, TIMEOUT_S
from textwell.links.host_names import installation_host
from textwell.links.models import LinkHost


def problem_of(host: LinkHost) -> str:
    """What is wrong, or only to be known (http_only); "" where all is well."""
    words = {
        "unresolved": _("The name %(name)s does not resolve: it has no DNS record."),
        "private": _("The name %(name)s leads to a private address."),
        "elsewhere": _("The name %(name)s resolves elsewhere: to %(found)s, not to %(expected)s."),
        "certificate": _("The certificate of %(name)s is not valid: %(why)s."),
        "no_tls": _("No TLS is spoken at %(name)s."),
        "refused": _("Nothing takes connections at %(name)s."),
        "timeout": _("No answer from %(name)s within %(seconds)d seconds."),
        "wrong_server": _("Another server answers at %(name)s (status %(status)s), not the edge."),
        "http_only": _("It answers over http only, so its links begin with http://."),
    }
    return _filled(words.get(host.problem, ""), host)


def mend_of(host: LinkHost) -> str:
    """What to do about it; "" where all is well."""
    record = _("Make a DNS record that leads from %(name)s to %(ours)s, then check again.")
    proxy = _(
        "Let the proxy at %(ours)s take %(name)s too, and pass its host name and %(path)s on."
    )
    certificate = _("Let the proxy get a certificate for %(name)s, then check again.")
    words = {
        "unresolved": record,
        "private": _(
            "Use a public address, or have the operator set TEXTWELL_WEBHOOK_PRIVATE_TARGETS."
        ),
        "elsewhere": record,
        "certificate": certificate,
        "no_tls": certificate,
        "refused": _("Let the proxy listen at port 443, and open it in the firewall."),
        "timeout": _("Open port 443 in the firewall, and see that the proxy runs."),
        "wrong_server": proxy,
        "http_only": certificate,
    }
    return _filled(words.get(host.problem, ""), host)


def _filled(words: str, host: LinkHost) -> str:
    facts = {"found": "?", "expected": "?", "why": "?", "status": "?"} | host.facts
    return words % {
        **facts,
        "name": host.host,
        "ours": installation_host(),
        "path": PROOF_PATH,
        "seconds": int(TIMEOUT_S),
    }
