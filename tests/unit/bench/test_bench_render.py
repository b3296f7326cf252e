from textwell.cli.bench.render import compose_all, invented_people, render_plainly


def test_both_ways_of_rendering_give_the_same_texts() -> None:
    people = invented_people(300)

    ours = compose_all(people)

    assert ours == render_plainly(people)
    assert len({text for text, _, _ in ours}) == 300
    assert {encoding for _, encoding, _ in ours} == {"gsm7", "ucs2"}
