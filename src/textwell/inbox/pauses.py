# ruff: noqa: E501 - a list of words is one thought; broken over more lines it is harder to read
"""A pause asked for in words: "stop for 2 weeks", "tạm dừng 7 ngày", "暂停一个月". Pure.

Three things make a pause: a word that pauses or ends, how long, and that it is about texts: they are
named, or refused, or nothing else is said ("hold my table for 2 days" is no pause). Where the time does not belong to the word that ends
("I asked 2 weeks ago, stop"), it is an opt-out without an end: the safe side.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from textwell.inbox.normal import simplify

LONGEST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Pause:
    """How long, and the languages in which it may have been said."""

    days: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Tongue:
    """What a language pauses with, beside a time."""

    pauses: re.Pattern[str]  # says so by itself
    alone: re.Pattern[str]  # says so, how long, and nothing more
    ends: re.Pattern[str]  # pauses in a text that refuses messages
    numbers: dict[str, float]
    units: dict[str, int]
    others: frozenset[str]  # what else is paused: orders, appointments


_GOODS = "order orders delivery deliveries box plan membership gym class classes account card meeting appointment shipment"
_NUMBERS: Final = {
    "en": "a=1 an=1 one=1 two=2 couple=2 three=3 few=3 four=4 five=5 six=6 seven=7 ten=10 half=.5 next=1 this=1",
    "es": "un=1 una=1 dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 diez=10 quince=15 treinta=30 este=1 proximo=1 medio=.5",
    "fr": "un=1 une=1 deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 dix=10 quinze=15 trente=30 ce=1 prochain=1",
    "de": "ein=1 eine=1 einen=1 einer=1 zwei=2 drei=3 vier=4 funf=5 sechs=6 sieben=7 acht=8 zehn=10 vierzehn=14 dreissig=30 diesen=1 nachsten=1 halbes=.5",
    "pt": "um=1 uma=1 dois=2 duas=2 tres=3 quatro=4 cinco=5 seis=6 sete=7 dez=10 quinze=15 trinta=30 este=1 esse=1 proximo=1",
    "vi": "mot=1 hai=2 ba=3 bon=4 nam=5 sau=6 bay=7 tam=8 muoi=10 vai=3 nua=.5",
}  # fmt: skip
_UNITS: Final = {
    "en": "day=1 days=1 d=1 week=7 weeks=7 wk=7 wks=7 fortnight=14 month=30 months=30 mo=30 mos=30 mth=30 mths=30 year=365 years=365",
    "es": "dia=1 dias=1 semana=7 semanas=7 quincena=15 mes=30 meses=30 ano=365",
    "fr": "jour=1 jours=1 j=1 semaine=7 semaines=7 quinzaine=15 mois=30 an=365",
    "de": "tag=1 tage=1 tagen=1 woche=7 wochen=7 monat=30 monate=30 monaten=30 jahr=365",
    "pt": "dia=1 dias=1 semana=7 semanas=7 quinzena=15 mes=30 meses=30 ano=365",
    "vi": "ngay=1 hom=1 tuan=7 thang=30 nam=365",
}
_TONGUES: Final = {
    "en": (
        r"pause|pausing|snooze|mute|hold off|take a break|take a pause|hold|suspend|give me a (?:break|rest)|silence",
        r"stop|quit|cease|no (?:more )?\w{3,9}|(?:dont|do not) (?:text|message|contact|send|msg)|leave me alone|unsubscribe|opt out",
        r"for|during|over|until|till|in|within|the next|next", _GOODS,
    ),
    "es": (
        r"pausa|pausar|pausen|pause|pausenme|suspend\w*|suspension|descanso",
        r"stop|paren|pare|dejen|no me \w+|no \w+en|baja|basta",
        r"por|durante|en|hasta", "pedido pedidos cita citas entrega membresia gimnasio clase clases tarjeta",
    ),
    "fr": (
        r"pause|suspen\w*|mettez en pause|mettre en pause|interromp\w*",
        r"stop|arret\w*|cessez|plus (?:de|d|aucun|aucune|rien)|ne \w+ plus|pas de",
        r"pendant|durant|pour|sur|jusqu\w*", "commande commandes livraison colis rdv abonnement carte",
    ),
    "de": (
        r"pause|pausier\w*|aussetzen|setz\w*|unterbrech\w*|pausen",
        r"stop|stopp\w*|keine|kein|nicht|hort|aufhoren",
        r"fur|die nachsten|wahrend|in den nachsten|bis", "bestellung lieferung termin paket karte",
    ),
    "pt": (
        r"pausa|pausar|pausem|pause|pausa ai|suspend\w*|suspens\w*|de um tempo",
        r"stop|pare|parem|parar|para|nao \w+|sem (?:mandar|enviar|mensage\w+|msg|sms)",
        r"por|durante|em|ate", "pedido pedidos entrega consulta cartao academia plano",
    ),
    "vi": (
        r"tam (?:dung|ngung|hoan|nghi|khoa|ngat)",
        r"stop|(?:dung|ngung)(?: (?:gui|nhan|tin))*|khong|ko|k",
        r"trong|trong vong|khoang", "don hang lich hen giao ve dat",
    ),
}  # fmt: skip
_CHINESE: Final = re.compile(
    r"(?:暂停|先停|停发|停止|暂时不|先不要?|先别|别发|不要发|别再发|不发|勿扰|退订).{0,8}?(?P<after>\d+|[半一二两三四五六七八九十]+)个?(?P<unit_after>天|日|周|星期|礼拜|月)"
    r"|(?:这|(?P<before>\d+|[半一二两三四五六七八九十]+))个?(?P<unit_before>天|日|周|星期|礼拜|月)(?:内|之内|里)?.{0,3}?(?:先?别|先?不要|先停|暂停|勿|不想收|停)"
)
_CHINESE_UNITS: Final = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
_CHINESE_OTHERS: Final = re.compile("订单|配送|快递|健身|课|发货|营业|预约|活动|服务器")
_TEXTS: Final = re.compile(
    r"\b(?:(?<!on )mut(?:e|ing)|snooz(?:e|ing)|texts?|texting|messag\w*|msgs?|sms|notif\w*|alerts?|alertas?|marketing|promo\w*|ads|ofertas|offers|mensaj\w*|mensag\w*|envi\w+|avis\w*|publicid\w*|envo\w+|nachrichten|werbung|newsletter|tin|tin nhan|quang cao|thong bao|gui)\b"
)
_CHINESE_TEXTS: Final = re.compile(
    "短信|简讯|簡訊|信息|消息|推送|发|收|打扰|勿扰|通知|广告|营销|退订|联系|骚扰"
)
_CHINESE_ALONE: Final = re.compile(
    r"(?:请|先|麻烦)*(?:暂停|先停|停止)(?:\d+|[半一二两三四五六七八九十]+)个?(?:天|日|周|星期|礼拜|月)(?:吧|谢谢|哦)*"
)
_DIGITS: Final = "一二三四五六七八九"


def find_pause(plain: str, *, is_refusal: bool) -> Pause | None:
    """The pause that a normalised text asks for; None: it asks for none.

    `is_refusal`: the text refuses messages, as `refusals` judges; without it a word that only ends
    something ("stop") pauses where the time follows it at once.
    """
    if days := _find_chinese(simplify(plain).replace(" ", "")):
        return Pause(_bounded(days), ("zh",))
    found = {code: days for code in _TONGUES if (days := _find(code, plain, is_refusal))}
    return Pause(_bounded(next(iter(found.values()))), tuple(found)) if found else None


def list_words(language: str) -> frozenset[str]:
    """The words of three letters and more that pauses in a language are made of."""
    pauses, ends, lasts, _ = _TONGUES[language]
    listed = " ".join([pauses, ends, lasts, _NUMBERS[language], _UNITS[language]])
    return frozenset(re.findall(r"(?<!\\)\b[a-z]{3,}\b", listed))


def _bounded(days: float) -> int:
    return max(1, min(round(days), LONGEST_DAYS))


def _find(language: str, plain: str, is_refusal: bool) -> float | None:
    tongue = _read(language)
    is_about_texts = is_refusal or _TEXTS.search(plain)
    asked = tongue.pauses.search(plain) if is_about_texts else tongue.alone.match(plain)
    asked = (
        asked
        or (is_refusal and tongue.ends.search(plain))
        or _stop_then_time(language).match(plain)
    )
    if not asked or tongue.others.intersection(plain.split()):
        return None
    parts = asked.groupdict()
    number, unit = (parts[name] or parts.get(f"{name}_before") for name in ("number", "unit"))
    assert number is not None
    assert unit is not None, "one of both alternatives has matched"
    return _count(number, tongue.numbers) * tongue.units[unit]


def _count(number: str, numbers: dict[str, float]) -> float:
    return float(number) if number.isdecimal() else numbers[number]


@cache
def _read(language: str) -> _Tongue:
    pauses, ends, lasts, others = _TONGUES[language]
    numbers = _parts(_NUMBERS[language])
    units = {word: int(days) for word, days in _parts(_UNITS[language]).items()}
    time = _time(numbers, units)
    first = time.replace("<number>", "<number_before>").replace("<unit>", "<unit_before>")
    polite = r"^(?:(?:please|pls|hi|hello|bitte|svp|xin|por favor) )*"
    led = rf"{polite}(?:(?:{lasts}) )?{first}(?: \w+)" + "{0,3}?"
    between = r"(?: \w+){0,5}?"
    thanks = r"(?: (?:please|pls|plz|thanks|thank you|thx|gracias|por favor|porfa|pf|pfv|merci|svp|sil vous plait|danke|bitte|obrigad[oa]|nhe|a|nha|shop|em))*$"
    return _Tongue(
        re.compile(rf"\b(?:{pauses}){between} (?:(?:{lasts}) )?{time}|{led} (?:{pauses})\b"),
        re.compile(
            rf"{polite}(?:{pauses})(?: (?:please|pls|bitte|svp|por favor|a la|me|us|it|this|these|them|das|dies|esto|isso|ca|cela))? (?:(?:{lasts}) )?{time}(?: aus)?{thanks}|{led} (?:{pauses}){thanks}"
        ),
        re.compile(rf"\b(?:{ends})(?:{between} (?:{lasts}) | ){time}|{led} (?:{ends})\b"),
        numbers,
        units,
        frozenset(others.split()),
    )


@cache
def _stop_then_time(language: str) -> re.Pattern[str]:
    """STOP 2 weeks, stop for two weeks: the keyword and a time, and nothing more than politeness."""
    lasts = _TONGUES[language][2]
    time = _time(
        _parts(_NUMBERS[language]),
        {word: int(days) for word, days in _parts(_UNITS[language]).items()},
    )
    return re.compile(rf"^(?:please |pls )?(?:stop|stopp) (?:(?:{lasts}) )?{time}(?: \w+){{0,3}}$")


def _time(numbers: dict[str, float], units: dict[str, int]) -> str:
    number = "|".join([r"\d{1,3}", *numbers])
    unit = "|".join(sorted(units, key=len, reverse=True))
    about = r"(?:(?:about|at least|the|a|les|los|las|as|os|de|of|den) ){0,3}"
    past = r"(?! (?:ago|late|atras|truoc|roi|old)\b)"
    return rf"{about}(?P<number>{number}) ?(?:of )?(?P<unit>{unit})\b{past}"


def _parts(listed: str) -> dict[str, float]:
    return {
        word: float(value) for word, _, value in (each.partition("=") for each in listed.split())
    }


def _find_chinese(plain: str) -> float | None:
    found = _CHINESE.search(plain)
    if found is None or _CHINESE_OTHERS.search(plain):
        return None
    if not (_CHINESE_TEXTS.search(plain) or _CHINESE_ALONE.fullmatch(plain)):
        return None
    unit = found["unit_after"] or found["unit_before"]
    return _read_chinese(found["after"] or found["before"] or "一") * _CHINESE_UNITS[unit]


def _read_chinese(number: str) -> float:
    """十五 is fifteen, 两 is two, 半 is a half; what is no number is one."""
    if number.isdecimal():
        return float(number)
    if number == "半":
        return 0.5
    tens, ten, ones = number.replace("两", "二").rpartition("十")
    value = _DIGITS.find(ones[-1:]) + 1 if ones else 0
    return (10 * (_DIGITS.find(tens[-1:]) + 1 or 1) if ten else 0) + value or 1
