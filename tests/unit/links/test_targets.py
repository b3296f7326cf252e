import pytest

from textwell.core.errors import FieldError
from textwell.links.targets import add_utm, judge_targets, prepare_target

UTM = {"utm_source": "sms", "utm_campaign": "spring sale"}


@pytest.mark.parametrize(
    ("given_target", "expected"),
    [
        ("https://shop.example/sale", "https://shop.example/sale"),
        ("  https://shop.example/a b ", "https://shop.example/a%20b"),
        ("https://shop.example/a%20b?x=%C3%A9", "https://shop.example/a%20b?x=%C3%A9"),
        ("https://bücher.example/süß", "https://xn--bcher-kva.example/s%C3%BC%C3%9F"),
        ("https://Straße.example/", "https://xn--strae-oqa.example/"),
        ("https://日本語。jp/", "https://xn--wgv71a119e.jp/"),
        ("http://127.0.0.1:8080/x#y", "http://127.0.0.1:8080/x#y"),
        ("https://[::1]:8443/", "https://[::1]:8443/"),
    ],
)
def test_a_target_becomes_plain_ascii(given_target: str, expected: str) -> None:
    assert prepare_target(given_target) == expected


@pytest.mark.parametrize(
    "target",
    [
        "",
        "shop.example/sale",
        "javascript:alert(1)",
        "ftp://shop.example/",
        "https://",
        "https://user:pass@shop.example/",
        "https://shop.example/\r\nSet-Cookie: x=1",
        "https://shop.example:99999/",
        "https://shop.example/" + "a" * 2000,
        "https://@shop.example/",
        "https://my shop.example/",
        "https://shop.example/?c={{ external_id }}",
        "https://shop.example/%7B%7B%20external_id%20%7D%7D",
        "https://[::1/",
    ],
)
def test_a_target_that_no_browser_should_follow_is_refused(target: str) -> None:
    with pytest.raises(FieldError) as caught:
        prepare_target(target, field="targets.1")

    assert caught.value.field == "targets.1"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://s.example/", "https://s.example/?utm_source=sms&utm_campaign=spring+sale"),
        (
            "https://s.example/?a=1&a=2#top",
            "https://s.example/?a=1&a=2&utm_source=sms&utm_campaign=spring+sale#top",
        ),
        (
            "https://s.example/?utm_source=qr",
            "https://s.example/?utm_source=qr&utm_campaign=spring+sale",
        ),
    ],
)
def test_utm_is_added_without_touching_what_is_there(target: str, expected: str) -> None:
    assert add_utm(target, UTM) == expected


def test_utm_values_may_hold_template_values() -> None:
    utm = {"utm_content": "link-{{ link_number }}", "utm_term": ""}

    assert (
        add_utm("https://s.example/", utm, {"link_number": "2"})
        == "https://s.example/?utm_content=link-2"
    )


def test_an_unknown_template_value_is_named() -> None:
    with pytest.raises(FieldError) as caught:
        add_utm("https://s.example/", {"utm_term": "{{ nobody }}"}, {"campaign": "x"})

    assert caught.value.field == "utm.utm_term"
    assert caught.value.problem == "There is no value named “nobody” for links."
    assert caught.value.mend == "Known here: {{ campaign }}."


@pytest.mark.parametrize("value", ["{{ campaign | upcase }}", "{{ Campaign }}", "{% if x %}", "}}"])
def test_braces_that_nothing_fills_are_refused(value: str) -> None:
    with pytest.raises(FieldError, match=r"utm\.utm_term: It holds braces that cannot be read"):
        add_utm("https://s.example/", {"utm_term": value}, {"campaign": "x"})


def test_every_address_is_judged_and_a_fault_of_their_parameters_said_once() -> None:
    ready, errors = judge_targets(
        ["https://a.example/", "https://me@b.example/", "https://c.example/"],
        utm={"utm_term": "{{ nobody }}"},
        values={},
    )

    assert "https://c.example/" not in ready
    assert [error.field for error in errors] == ["utm.utm_term", "targets.2"]


def test_what_fills_a_parameter_may_hold_braces_itself() -> None:
    utm = {"utm_campaign": "{{ campaign }}"}
    ready, errors = judge_targets(["https://s.example/"], utm=utm, values={"campaign": "{{ x }}"})

    assert (ready, errors) == (["https://s.example/?utm_campaign=%7B%7B+x+%7D%7D"], [])


def test_an_address_may_become_too_long_by_its_parameters() -> None:
    long = "https://s.example/" + "a" * 1960
    utm = {"utm_campaign": "{{ campaign }}"}

    assert judge_targets([long], utm=utm, values={"campaign": "x"})[1] == []
    _ready, (error,) = judge_targets([long], utm=utm, values={"campaign": "ü" * 10})
    assert (error.field, error.mend) == ("targets.1", "Shorten it.")


@pytest.mark.parametrize(
    "target",
    [
        "https://b.example/a?X-Amz-Credential=k&X-Amz-Signature=0f&X-Amz-Expires=60",
        "https://cdn.example/a?Expires=1790000000&Signature=b%2B&Key-Pair-Id=K1",
        "https://b.example/a?X-Goog-Signature=0f",
        "https://acc.blob.example/a?sv=2024-11-04&se=2026-12-01&sig=a%2Bb%3D",
    ],
)
def test_a_signed_address_stays_as_it_is(target: str) -> None:
    assert add_utm(target, {"utm_source": "sms"}) == target
    assert prepare_target(target) == target
