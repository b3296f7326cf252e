"""Where a mobile number was handed out: state or province, for the plans that say so.

Only six plans put a place into mobile numbers: +1 (area code), +52, +54, +55 (area code) and +86
(the seven digits after the country code). Everywhere else a mobile number says nothing, and nothing
is made up. Numbers are carried along when people move, so a place is where a number comes from.

The tables of libphonenumber take seconds to load, and much memory. Import this module only in a
process that ends soon: `python -m textwell.text.numbers.places` prints all places and is what
fills the table that reports join.
"""

import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import phonenumbers

from textwell.text.numbers.place_keys import KEY_LENGTHS

_MEXICAN_STATES = {
    "AGS": "Aguascalientes", "BCN": "Baja California", "BCS": "Baja California Sur",
    "CAMP": "Campeche", "CDMX": "Ciudad de México", "CHIH": "Chihuahua", "CHIS": "Chiapas",
    "COAH": "Coahuila", "COL": "Colima", "DGO": "Durango", "GRO": "Guerrero", "GTO": "Guanajuato",
    "HGO": "Hidalgo", "JAL": "Jalisco", "MEX": "Estado de México", "MICH": "Michoacán",
    "MOR": "Morelos", "NAY": "Nayarit", "NL": "Nuevo León", "OAX": "Oaxaca", "PUE": "Puebla",
    "QRO": "Querétaro", "SLP": "San Luis Potosí", "SON": "Sonora", "TAB": "Tabasco",
    "TAMPS": "Tamaulipas", "TLAX": "Tlaxcala", "VER": "Veracruz", "YUC": "Yucatán",
    "ZAC": "Zacatecas",
}  # fmt: skip
# What the table says of a few codes is a town, or a spelling that splits one state in two.
_RESPELT = {
    "British Colombia": "British Columbia", "Culiacán": "Sinaloa", "Merida": "Yucatán",
    "Morelia": "Michoacán", "Toluca": "Estado de México", "Tuxtla Gutierrez": "Chiapas",
    "Cuernavaca/Emiliano Zapata/Temixco/Xochitepec/Jiutepec": "Morelos",
    "Cosquin/Córdoba": "Córdoba", "México/Michoacán": "Michoacán", "Washington State": "Washington",
    "天津": "天津市",
}  # fmt: skip
_PLANS = ("1", "52", "54", "55", "861")
_CHINESE_MOBILE = re.compile(r"861[3-9]")  # 10 is Beijing's wires
# 北京市, 广东省, 黑龙江省; the five autonomous regions stand without a word for their kind.
_CHINESE_PROVINCE = re.compile(r"(内蒙古|广西|西藏|宁夏|新疆|.{2,3}?(?:省|市)|.{2})")


@dataclass(frozen=True, slots=True)
class Place:
    """`prefix` is the start of an E.164 number, sign included, as long as its plan's key."""

    prefix: str
    region: (
        str  # state or province, in English where the plan's own language is not written in Latin
    )
    local_region: str  # the same in the language of the country; often equal


def _read_codes() -> dict[str, dict[str, str]]:
    """What libphonenumber says of the codes of our plans: their names by language.

    One file of its tables after the other, and equal names once: its package loads all of the world
    and takes 190 MB, of a machine that may have one gigabyte.
    """
    folder = Path(phonenumbers.__file__).parent / "geodata"
    package = ModuleType("phonenumbers.geodata")
    package.__path__ = [str(folder)]
    sys.modules[package.__name__] = package
    known: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
    found = {}
    for file in folder.glob("data*.py"):
        table = import_module(f"{package.__name__}.{file.stem}").data
        for code, names in table.items():
            if code.startswith(_PLANS):
                found[code] = known.setdefault(tuple(names.items()), names)
        del sys.modules[f"{package.__name__}.{file.stem}"], package.__dict__[file.stem]
    return found


_CODES = _read_codes()


def iter_places() -> Iterator[Place]:
    """Every known prefix once, in no order."""
    yield from _north_america()
    yield from _by_area("55", "pt")
    yield from _by_area("52", "es")
    yield from _by_area("54", "es", carried="9")
    yield from _china()


def _last_part(name: str) -> str:
    part = name.rsplit(",", 1)[-1].strip()
    return _RESPELT.get(part, part)


def _north_america() -> Iterator[Place]:
    """The state of each area code; a code named after a town takes the state of its towns."""
    plain: dict[str, str] = {}
    towns: dict[str, Counter[str]] = defaultdict(Counter)
    for digits in sorted((code for code in _CODES if code[0] == "1"), key=len):
        name = _CODES[digits]["en"]
        _town, comma, short = name.rpartition(", ")
        if comma:
            towns[digits[:4]][short] += 1
        else:
            plain.setdefault(digits[:4], _last_part(name))
    states = _states_by_short_name(plain, towns)
    for code in plain.keys() | towns.keys():
        region = plain.get(code) or _commonest(towns[code], states)
        if region:  # a code of towns alone, in no known state, tells nothing
            yield Place("+" + code, region, region)


def _states_by_short_name(
    plain: Mapping[str, str], towns: Mapping[str, Counter[str]]
) -> dict[str, str]:
    """TX is Texas: the name of the area codes in which the towns of TX lie."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for code, state in plain.items():
        for short, count in towns.get(code, Counter()).items():
            found[short][state] += count
    return {short: states.most_common(1)[0][0] for short, states in found.items()}


def _commonest(shorts: Counter[str], states: Mapping[str, str]) -> str:
    return states.get(shorts.most_common(1)[0][0], "")


def _by_area(country: str, language: str, *, carried: str = "") -> Iterator[Place]:
    """Area codes of different lengths, spread over keys of one length; the longer code wins.

    `carried` stands between country and area code in mobile numbers (the 9 of Argentina).
    """
    length = KEY_LENGTHS["+" + country + carried]
    keys: dict[str, tuple[str, str]] = {}
    codes = [code for code in _CODES if code.startswith(country)]
    for code in sorted(codes, key=len):
        start = "+" + country + carried + code[len(country) :]
        if len(start) > length:
            continue
        local = _full_name(_CODES[code].get(language) or _CODES[code]["en"])
        for key in _spread(start, length):
            keys[key] = (local, local)
    for key, (region, local) in keys.items():
        yield Place(key, region, local)


def _full_name(name: str) -> str:
    part = _last_part(name)
    return _MEXICAN_STATES.get(part, part)


def _spread(start: str, length: int) -> Iterator[str]:
    missing = length - len(start)
    if not missing:
        yield start
        return
    for number in range(10**missing):
        yield f"{start}{number:0{missing}}"


def _china() -> Iterator[Place]:
    length = KEY_LENGTHS["+86"]
    keys: dict[str, tuple[str, str]] = {}
    codes = [code for code in _CODES if _CHINESE_MOBILE.match(code)]
    for code in sorted(codes, key=len):
        names = _CODES[code]
        region = _last_part(names["en"])
        local = _CHINESE_PROVINCE.match(names.get("zh", ""))
        for key in _spread("+" + code, length):
            keys[key] = (region, _RESPELT.get(local[0], local[0]) if local else region)
    for key, (region, local_name) in keys.items():
        yield Place(key, region, local_name)


def _print_all() -> None:
    for place in iter_places():
        sys.stdout.write(f"{place.prefix}\t{place.region}\t{place.local_region}\n")


if __name__ == "__main__":
    os.nice(10)  # nobody waits for it, and a first campaign may be starting
    _print_all()
