"""Invented people of several countries, the same for the same seed; numbers are scattered.

Every number is valid in its country's plan by construction of its mobile prefix; the import checks
them again like any other file's.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from textwell.text import parse_number

CONSENT_WORDING = {
    "vi": "Tôi đồng ý nhận tin nhắn khuyến mãi của Lotus. Soạn TC để từ chối.",
    "zh": "我同意接收 Lotus 的促销短信，回复 TD 退订。",
    "es": "Acepto recibir SMS promocionales de Lotus. Responda BAJA para cancelar.",
    "fr": "J’accepte de recevoir les SMS promotionnels de Lotus. STOP pour arrêter.",
    "en": "I agree to get promotional texts from Lotus. Reply STOP to opt out.",
}


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    language: str
    share: int
    prefixes: tuple[str, ...]  # after the plus sign
    digits: int  # random digits after the prefix
    given: tuple[str, ...]
    family: tuple[str, ...]
    cities: tuple[str, ...]


COUNTRIES = (
    Country(
        "VN", "vi", 34, ("8490", "8491", "8497", "8498", "8432", "8470", "8483"), 7,
        ("An", "Bình", "Chi", "Dũng", "Hà", "Hương", "Khánh", "Lan", "Minh", "Ngọc", "Phương", "Thảo"),
        ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Võ"), ("Hà Nội", "Đà Nẵng", "Cần Thơ"),
    ),
    Country(
        "CN", "zh", 18, ("86138", "86139", "86150", "86186"), 8,
        ("伟", "芳", "娜", "敏", "静", "磊", "洋"), ("王", "李", "张", "刘", "陈"), ("上海", "成都", "广州"),
    ),
    Country(
        "ES", "es", 16, ("3461", "3462", "3464", "3465"), 7,
        ("Lucía", "Martín", "Sofía", "Hugo", "Íñigo", "Carmen", "Pablo"),
        ("García", "López", "Muñoz", "Ibáñez"), ("Madrid", "Sevilla", "Bilbao"),
    ),
    Country(
        "FR", "fr", 14, ("3361", "3362", "3367", "3366"), 7,
        ("Léa", "Louis", "Chloé", "Hugo", "Zoé", "Élise", "Jules"),
        ("Martin", "Bernard", "Lefèvre", "D’Amico"), ("Lyon", "Nantes", "Paris"),
    ),
    Country(
        "US", "en", 12, ("1415555", "1212555", "1312555", "1206555"), 4,
        ("Emma", "Liam", "Olivia", "Noah", "Ava"), ("Smith", "Johnson", "O’Neill"),
        ("Seattle", "Chicago", "New York"),
    ),
    Country(
        "GB", "en", 6, ("44740", "44775", "44791"), 7,
        ("Oliver", "Amelia", "Isla", "George"), ("Taylor", "Evans"), ("Leeds", "Bristol"),
    ),
)  # fmt: skip

CONSENT_SHARE, NAME_SHARE = 0.96, 0.93
HEADER = (
    "phone", "first_name", "last_name", "language", "country", "city", "points",
    "consent_source", "consent_at", "consent_wording",
)  # fmt: skip


def _number(country: Country, rng: random.Random) -> str:
    prefix = rng.choice(country.prefixes)
    if country.code == "US":  # 555-01xx is fiction; elsewhere any exchange from 200 up
        prefix = f"{prefix[:4]}{rng.randint(200, 999)}"
    return f"+{prefix}{rng.randrange(10**country.digits):0{country.digits}d}"


def _person(country: Country, rng: random.Random, today: datetime) -> tuple[str, ...] | None:
    msisdn = _number(country, rng)
    if not parse_number(msisdn).valid:
        return None
    given_at = today - timedelta(days=rng.randint(5, 700), minutes=rng.randint(0, 1439))
    has_consent = rng.random() < CONSENT_SHARE
    evidence = ("checkout.lotus.example", given_at.isoformat(), CONSENT_WORDING[country.language])
    return (
        msisdn,
        rng.choice(country.given) if rng.random() < NAME_SHARE else "",
        rng.choice(country.family),
        country.language,
        country.code,
        rng.choice(country.cities),
        str(rng.randrange(0, 2_000, 10)),
        *(evidence if has_consent else ("", "", "")),
    )


def make_people(count: int, *, seed: int = 7) -> Iterator[tuple[str, ...]]:
    """Rows under HEADER, each with another number; about one in twenty-five without consent."""
    rng = random.Random(seed)  # noqa: S311 - invented people, the same every time
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    weights = [country.share for country in COUNTRIES]
    seen: set[str] = set()
    while len(seen) < count:
        (country,) = rng.choices(COUNTRIES, weights)
        person = _person(country, rng, today)
        if person is not None and person[0] not in seen:
            seen.add(person[0])
            yield person


def write_people(path: Path, count: int, *, seed: int = 7) -> None:
    """A CSV file as a shop would export it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(make_people(count, seed=seed))
