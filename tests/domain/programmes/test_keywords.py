"""Keywords: typed in any way they find their placement; two of one word are refused."""

from datetime import UTC, datetime

import pytest

from domain.programmes import (
    ACTOR,
    NUMBER,
    SHORT_CODE,
    make_programme,
    make_sender,
    placement_of,
    texts_to,
    write,
)
from textwell.accounts.models import Workspace
from textwell.consent.models import ConsentEvent
from textwell.core.errors import FieldError
from textwell.inbox.models import Reply, Thread
from textwell.programmes.keywords import choose, find_placements, plain_keyword, readings
from textwell.programmes.models import Placement, SignUp
from textwell.programmes.placements import create_placement, pause_placement

WORDS = ("BREAD", "Crème 20", "BÁNH MÌ", "面包", "WIN2026")
FORMS = (
    "{}", " {} ", "{}!", "“{}”", "'{}'", "{}.", "#{}", "{} 🍞", "🍞 {}", "{}\n", "{}\n\nSent from my iPhone",
    "JOIN {}", "join {} please", "{} please", "{} thanks", "{} {}", "start {}", "({})", "*{}*", "-{}-",
    "Hi {}", "{}…", "{}?", "code {}", "{} merci",
)  # fmt: skip


def variants(word: str) -> list[str]:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)
    styles = (word, word.lower(), word.title(), wide)
    return [form.format(style, style) for style in styles for form in FORMS]


def test_five_hundred_typed_variants_resolve() -> None:
    missed = [
        typed
        for word in WORDS
        for typed in variants(word)
        if plain_keyword(word) not in readings(typed)
    ]

    assert len(WORDS) * len(variants("x")) == 500
    assert missed == []


def test_a_keyword_joins_a_stranger_and_answers_at_once(workspace: Workspace) -> None:
    gateway = make_sender(workspace)
    programme = make_programme(workspace)
    placement_of(programme, keyword="Bread", sender=SHORT_CODE)

    write(gateway, "bread please")

    reply = Reply.objects.get()
    assert SignUp.objects.get().method == "keyword"
    assert texts_to(workspace) == ["Welcome to Green Bakery! Reply STOP to stop."]
    assert ConsentEvent.objects.get().evidence["keyword"] == "Bread"
    assert reply.contact_id == SignUp.objects.get().contact_id
    assert reply.handled_at is not None
    assert Thread.objects.count() == 0


def test_a_keyword_of_the_own_phone_lifts_an_opt_out(workspace: Workspace) -> None:
    gateway = make_sender(workspace)
    programme = make_programme(workspace)
    placement_of(programme, keyword="BREAD", sender=SHORT_CODE)
    write(gateway, "STOP")

    write(gateway, "BREAD", key="2")

    assert SignUp.objects.get().state == "joined"


@pytest.mark.parametrize("text", ["I love your bread a lot", "Who are you?", "CAKE"])
def test_other_words_are_left_to_the_inbox(workspace: Workspace, text: str) -> None:
    gateway = make_sender(workspace)
    programme = make_programme(workspace)
    placement_of(programme, keyword="BREAD", sender=SHORT_CODE)

    write(gateway, text)

    assert Reply.objects.get().handled_at is None
    assert SignUp.objects.count() == 0


def test_a_keyword_holds_at_its_own_sender_and_in_its_own_time(workspace: Workspace) -> None:
    gateway = make_sender(workspace)
    make_sender(workspace, "39000")
    programme = make_programme(workspace)
    placement = placement_of(programme, keyword="BREAD", sender="39000")

    write(gateway, "BREAD", key="1", to=SHORT_CODE)
    assert SignUp.objects.count() == 0

    Placement.objects.update(keyword_until=datetime(2026, 1, 1, tzinfo=UTC))
    write(gateway, "BREAD", key="2", to="39000")
    assert SignUp.objects.count() == 0

    Placement.objects.update(keyword_until=None)
    write(gateway, "BREAD", key="3", to="39000")
    assert SignUp.objects.get().placement_id == placement.id


def test_a_keyword_of_a_paused_source_joins_nobody(workspace: Workspace) -> None:
    gateway = make_sender(workspace)
    placement = placement_of(make_programme(workspace), keyword="BREAD", sender=SHORT_CODE)
    pause_placement(placement=placement, actor=ACTOR)

    write(gateway, "BREAD", number=NUMBER)

    assert SignUp.objects.count() == 0


def test_two_placements_of_one_word_are_refused_and_the_other_is_named(
    workspace: Workspace,
) -> None:
    make_sender(workspace)
    programme = make_programme(workspace)
    placement_of(programme, keyword="Crème", keyword_until=datetime(2026, 12, 1, tzinfo=UTC))
    other = {"name": "Poster", "keyword": "CREME"}

    with pytest.raises(FieldError, match="belongs to “Direct link” of “Bread club” at 38000"):
        create_placement(programme=programme, actor=ACTOR, **other)
    later = create_placement(
        programme=programme, actor=ACTOR, keyword_from=datetime(2026, 12, 1, tzinfo=UTC), **other
    )

    assert later.sender == SHORT_CODE


@pytest.mark.parametrize("word", ["STOP", "yes", "Aide", "arrêt", "🍞", "b"])
def test_a_word_that_means_something_everywhere_is_no_keyword(
    workspace: Workspace, word: str
) -> None:
    make_sender(workspace)
    programme = make_programme(workspace)

    with pytest.raises(FieldError, match="keyword"):
        placement_of(programme, keyword=word)


def test_a_published_programme_with_an_age_gets_no_keyword(workspace: Workspace) -> None:
    make_sender(workspace)
    programme = make_programme(workspace, min_age=18)

    with pytest.raises(FieldError, match="cannot ask for a date of birth"):
        placement_of(programme, keyword="BREAD")

    assert placement_of(programme, name="Shop").name == "Shop"


def test_a_name_cannot_be_texted(workspace: Workspace) -> None:
    programme = make_programme(workspace)

    with pytest.raises(FieldError, match="cannot be texted"):
        placement_of(programme, keyword="BREAD", sender="BAKERY")


STEMS = ("bread", "milk", "wine", "rose", "tea", "rice", "fish", "book", "shoe", "bike")
JANUARY, FEBRUARY, MARCH = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))
# When a text comes, and in which of the two leases of its keyword that is.
MOMENTS = ((datetime(2025, 12, 31, 23, 59, tzinfo=UTC), 0), (JANUARY, 1), (FEBRUARY, 2), (MARCH, 0))


def test_one_number_serves_fifty_keywords_without_cross_talk(workspace: Workspace) -> None:
    """10,000 texts to two numbers, each keyword leased twice at each: none comes to another's placement."""
    words = [f"{stem}{number}" for number in range(5) for stem in STEMS]
    programme = make_programme(workspace)
    rows = Placement.objects.bulk_create(
        Placement(
            workspace_id=workspace.id, programme=programme, name=f"{sender} {word} {lease}",
            keyword=word, plain=plain_keyword(word), sender=sender, code=f"{lease}{len(sender)}-{n}",
            keyword_from=(JANUARY, FEBRUARY)[lease - 1], keyword_until=(FEBRUARY, MARCH)[lease - 1],
        )
        for sender in (SHORT_CODE, NUMBER)
        for n, word in enumerate(words)
        for lease in (1, 2)
    )  # fmt: skip
    meant = {(row.sender, row.name.split()[1], int(row.name[-1])): row for row in rows}
    typed = [(word, readings(form.format(word, word))) for word in words for form in FORMS]
    known = find_placements({workspace.id}, {each for _word, some in typed for each in some})

    crossed = judged = 0
    for word, some in typed:
        named = (known.get((workspace.id, each)) for each in some)
        found = next((mine for mine in named if mine), [])
        for sender in (SHORT_CODE, NUMBER):
            for at, lease in MOMENTS:
                crossed += choose(found, sender, at) != meant.get((sender, word, lease))
                judged += 1

    assert (len(words), judged, crossed) == (50, 10_000, 0)
