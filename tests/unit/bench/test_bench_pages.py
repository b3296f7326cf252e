from textwell.cli.bench.pages import Page


def test_the_slowest_of_twenty_is_no_p95() -> None:
    page = Page(times=[9_000.0, *map(float, range(1, 20))])

    assert (page.p50, page.p95) == (10.5, 19.0)
