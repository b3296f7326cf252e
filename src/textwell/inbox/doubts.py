"""Why a text was left to a person, where that needs saying. Pure."""

from textwell.inbox.keywords import names_way_out

UNSURE = frozenset(("other", "question", "complaint"))


def find_doubt(text: str, intent: str) -> str:
    """`stop_word`: a word that ends texts is in it, yet it reads otherwise; `not_understood`; or ""."""
    if intent in UNSURE and names_way_out(text):
        return "stop_word"
    return "not_understood" if intent == "other" else ""
