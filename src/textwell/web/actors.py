"""Who did something, in words for people: the actors that rows and the audit log name by a code."""

from collections.abc import Collection

from textwell.accounts.selectors import name_actors
from textwell.web.words import ACTORS, word


def actor_words(actors: Collection[str]) -> dict[str, str]:
    """Each actor by name; one that has none, or is nobody any more, in words for its kind."""
    names = name_actors(actors)
    return {actor: names.get(actor) or _in_words(actor) for actor in actors}


def _in_words(actor: str) -> str:
    kind, _colon, number = actor.partition(":")
    if kind not in ACTORS:
        return actor
    return f"{word(ACTORS, kind)} ({number})" if number else word(ACTORS, kind)
