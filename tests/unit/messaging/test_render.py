"""Texts: the quick path equals the library, limits hold, no name is ever blank."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from liquid import Environment

from textwell.messaging.checks import check_template
from textwell.messaging.errors import RefusalKind, TemplateRefused
from textwell.messaging.render import compile_template, person_values, render_text

KNOWN = frozenset({"first_name", "city", "points"})
LIQUID = Environment()
texts = st.text(st.characters(blacklist_characters="{}", blacklist_categories=("Cs",)), max_size=30)
values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=12), st.floats(allow_nan=False)
)


@given(st.lists(texts, min_size=3, max_size=3), values, values)
def test_the_plain_path_renders_what_the_library_renders(
    words: list[str], name: object, city: object
) -> None:
    body = words[0] + "{{ first_name }}" + words[1] + "{{city | default: 'there'}}" + words[2]
    template = compile_template(body)
    person = {"first_name": name, "city": city}

    assert template.is_plain
    assert template.render(person) == LIQUID.from_string(body).render(**person)


def test_conditions_and_filters_take_the_library_path() -> None:
    template = compile_template(
        "{% if city == 'Hanoi' %}Xin chao {{ first_name | upcase }}{% endif %}"
    )

    assert not template.is_plain
    assert template.names == ("city", "first_name")
    assert template.render({"city": "Hanoi", "first_name": "An"}) == "Xin chao AN"


@pytest.mark.parametrize("blank", [None, "", "   ", "\u200b", " \ufeff\u00a0"])
def test_a_blank_value_takes_the_fallback(blank: str | None) -> None:
    template = compile_template("Hi {{ first_name }}")
    filled = person_values(
        {"first_name": blank}, template=template, fallbacks={"first_name": "friend"}
    )

    assert render_text(template, filled) == "Hi friend"


@pytest.mark.parametrize(
    "text", ["11111111111111110000", "1" + "0" * 22, "9223372036854775807", "12.5"]
)
@pytest.mark.parametrize("form", ["{{ points }}", "{{ points }}{% if false %}{% endif %}"])
def test_a_large_number_reads_the_same_however_json_was_read(form: str, text: str) -> None:
    template = compile_template(form)

    for value in (json.loads(text), orjson.loads(text)):
        assert (
            template.render(person_values({"points": value}, template=template, fallbacks={}))
            == text
        )


def test_an_endless_loop_is_stopped() -> None:
    template = compile_template("{% for i in (1..100000000) %}x{% endfor %}")

    with pytest.raises(TemplateRefused) as refused:
        render_text(template, {})
    assert refused.value.kind is RefusalKind.LIMIT


@pytest.mark.parametrize(
    "body",
    [
        "{{ (1..9999999) | join: ' ' | truncate: 9 }}",
        "{% if (1..9999999) contains 'a' %}a{% endif %}x",
        "{% assign all = (1..99999999) %}{{ all | size }}",
        "{% assign x = 'aaaaaaaaaa' %}{{ x | replace: 'a', x"
        + " | replace: 'a', x" * 3
        + " | size }}",
    ],
)
def test_what_is_put_together_on_the_way_has_a_limit_too(body: str) -> None:
    """It would take all of the machine's memory, or hours, before a loop runs or a text comes out."""
    template = compile_template(body)

    with pytest.raises(TemplateRefused) as refused:
        render_text(template, {})
    assert refused.value.kind is RefusalKind.LIMIT


@pytest.mark.parametrize(
    ("form", "value", "said"),
    [
        ("{{ points | round }}", "NaN", "cannot convert float NaN to integer"),
        ("{{ points | floor }}", "1e999", "cannot convert float infinity to integer"),
        ("{{ points | times: 'a' }}", "1e999", "InvalidOperation"),
        ("{{ points | date: '%d' }}", "9" * 30, "timestamp out of range for platform time_t"),
        ("{{ points | base64_decode }}", "2026", None),
    ],
)
def test_a_value_that_a_filter_cannot_take_is_refused_by_name(
    form: str, value: str, said: str | None
) -> None:
    template = compile_template(form)

    with pytest.raises(TemplateRefused) as refused:
        render_text(template, {"points": value})
    assert refused.value.kind is RefusalKind.FAULT
    assert said in {None, refused.value.detail}


def test_a_text_longer_than_any_sms_is_refused() -> None:
    template = compile_template("x" * 1601)

    with pytest.raises(TemplateRefused) as refused:
        render_text(template, {})
    assert refused.value.kind is RefusalKind.TOO_LONG


@pytest.mark.parametrize(
    ("body", "fallbacks", "field", "words"),
    [
        ("", {}, "body", "empty"),
        ("Hi {{ first_name", {}, "body", "cannot be read"),
        ("Hi {{ shoe_size }}", {}, "body", "shoe_size"),
        ("Hi {{ first_name }}", {}, "fallbacks", "no fallback"),
        ("Hi {{ first_name }}", {"first_name": " "}, "fallbacks", "no fallback"),
        ("Hi {{ first_name }}", {"first_name": "\u200b"}, "fallbacks", "no fallback"),
        ("Go {{ link_2 }}", {}, "links", "link 2"),
        ("{% for i in (1..9999999) %}x{% endfor %}", {}, "body", "cannot be made"),
    ],
)
def test_each_fault_names_its_field(
    body: str, fallbacks: dict[str, str], field: str, words: str
) -> None:
    problems = check_template(body, known_fields=KNOWN, fallbacks=fallbacks, link_count=1)

    assert problems[0].field == field
    assert words in problems[0].problem


def test_attributes_of_objects_cannot_be_reached() -> None:
    template = compile_template("{{ first_name.__class__ }}{% if true %}{% endif %}")

    with pytest.raises(TemplateRefused):
        render_text(template, {"first_name": "An"})


ASKING = "{% if city == '' %}Where are you?{% else %}See you{% endif %}, {{ first_name }}"


def test_a_condition_sees_that_a_field_is_not_known() -> None:
    template = compile_template(ASKING)
    fallbacks = {"first_name": "friend"}
    unknown = person_values({"city": " "}, template=template, fallbacks=fallbacks)
    known = person_values({"city": "Lyon"}, template=template, fallbacks=fallbacks)

    assert template.render(unknown) == "Where are you?, friend"
    assert template.render(known) == "See you, friend"


def test_only_fields_that_may_be_read_need_a_fallback() -> None:
    known = frozenset({"first_name", "city"})

    def fields_without(body: str) -> list[str]:
        found = check_template(body, known_fields=known, fallbacks={}, link_count=0)
        return [problem.problem for problem in found]

    assert fields_without(ASKING) == ["“first_name” has no fallback."]
    assert fields_without("{% if city == '' %}Hi{% else %}{{ city }}{% endif %}") == [
        "“city” has no fallback."
    ]
    assert fields_without("{% assign town = city %}Hi {{ town }}") == ["“city” has no fallback."]


@pytest.mark.parametrize(
    "body",
    [
        "Hi {{ city | default: 'you' }}",
        'Hi {{city|default:"you"|upcase}}',
        "Hi {{- city | default: first_name | default: 'you' -}}",
        "{% assign town = city | default: 'you' %}Hi {{ town }}",
        "{% if city %}Hi{% endif %} {{ city | default: 'you' }}, {{ city|default:'U', allow_false: true }}",
        "Hi {{ city | strip | capitalize | default: 'you' }}",
    ],
)
def test_a_default_in_the_text_is_a_fallback(body: str) -> None:
    found = check_template(body, known_fields=KNOWN, fallbacks={}, link_count=0)

    assert found == []
    template = compile_template(body)
    assert (
        "you" in render_text(template, person_values({}, template=template, fallbacks={})).lower()
    )


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("Hi {{ city | default: ' ' }}.", ["city"]),
        ("Hi {{ city | default: '' }}.", ["city"]),
        ("Hi {{ city | default: first_name }}", ["city", "first_name"]),
        ("Hi {{ city | default: 'you' }} of {{ city }}", ["city"]),
        ("Hi {{ city | default: 'you' | append: first_name }}", ["first_name"]),
        ("Hi {{ city | append: '!' | default: 'you' }}", ["city"]),
    ],
)
def test_what_may_still_come_out_blank_needs_a_fallback(body: str, missing: list[str]) -> None:
    found = check_template(body, known_fields=KNOWN, fallbacks={}, link_count=0)

    assert [p.problem for p in found] == [f"“{name}” has no fallback." for name in missing]


@pytest.mark.parametrize(
    ("body", "kind", "mend"),
    [
        ("{{ 1 | divided_by: 0 }}", RefusalKind.FAULT, "Use filters that Liquid has, with values"),
        ("{{ 'a' | shout }}", RefusalKind.FAULT, "Use filters that Liquid has, with values"),
        ("{{ city.name }}", RefusalKind.UNKNOWN, "Use fields of your people by their names alone"),
        ("{% for i in (1..9999) %}x{% endfor %}", RefusalKind.LIMIT, "Shorten its loops"),
    ],
)
def test_the_mend_fits_what_went_wrong(body: str, kind: RefusalKind, mend: str) -> None:
    with pytest.raises(TemplateRefused) as refused:
        render_text(compile_template(body), {"city": "Lyon"})
    assert refused.value.kind is kind

    (problem,) = check_template(body, known_fields=KNOWN, fallbacks={"city": "Lyon"}, link_count=0)
    assert problem.mend.startswith(mend)
    assert problem.line is None


@pytest.mark.parametrize("fault", ["{% shout %}", "{{ first_name", "{{ 1 | divided_by: 0 }}"])
def test_a_fault_in_a_text_of_several_lines_says_in_which(fault: str) -> None:
    body = f"Hello\n\n{fault}"

    (problem,) = check_template(body, known_fields=KNOWN, fallbacks={}, link_count=0)

    assert problem.line == 3
    assert problem.problem.startswith("Line 3: The text cannot be ")


def test_a_tag_that_is_never_closed_lies_in_no_line() -> None:
    body = "Hello\n{% if city %}you"

    (problem,) = check_template(body, known_fields=KNOWN, fallbacks={}, link_count=0)

    assert problem.line is None
    assert "endif" in problem.problem


@pytest.mark.parametrize("seen", ["", " \n\t", "\u200b\ufeff\u00ad", "\u00a0"])
@pytest.mark.parametrize("form", ["{{ name }}", "{% if name %}{{ name }}{% endif %}"])
def test_a_text_with_nothing_to_see_is_refused(form: str, seen: str) -> None:
    template = compile_template(form)

    with pytest.raises(TemplateRefused) as caught:
        render_text(template, {"name": seen})

    assert caught.value.kind is RefusalKind.EMPTY
    assert render_text(template, {"name": f"{seen}!"}) == f"{seen}!"


def test_a_field_may_have_a_name_that_python_uses() -> None:
    template = compile_template("{% if self %}Hi {{ self }} {{ args }}{% endif %}")

    assert template.render({"self": "An", "args": "!"}) == "Hi An !"


@pytest.mark.parametrize(
    "filters", ["| upcase", "| truncate: 20", "| url_encode", "| remove: 'aB3d'", "| capitalize"]
)
def test_a_link_that_a_filter_changes_is_refused(filters: str) -> None:
    body = f"See {{{{ link {filters} }}}}"

    (problem,) = check_template(body, known_fields=KNOWN, fallbacks={}, link_count=1)

    assert problem.problem == "A filter changes a link: it would lead nowhere."


@pytest.mark.parametrize(
    "body", ["{{ link | append: '?a=1' }}", "({{ link | strip }})!", "{{link}}"]
)
def test_a_link_may_have_something_beside_it(body: str) -> None:
    assert check_template(body, known_fields=KNOWN, fallbacks={}, link_count=1) == []
