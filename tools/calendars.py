"""Freezes public holidays into the calendars of the rule packs, from the package `holidays`.

python tools/calendars.py update    write every calendar anew, for the years in YEARS
python tools/calendars.py check     exit 1 where update would change one

Run `update` each December and look at what changed: days that are proclaimed late (elections,
mourning) go into overrides.toml, never into the frozen files.
"""

import json
import sys
from pathlib import Path

import holidays

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "textwell" / "compliance" / "data" / "calendars"
YEARS = range(2020, 2037)
# Every calendar that a pack names: country and subdivision as the package knows them.
CALENDARS = {
    "CO": ("CO", None),
    "EG": ("EG", None),
    "FR": ("FR", None),
    **{f"FR-{part}": ("FR", part) for part in ("57", "6AE", "971", "972", "973", "974", "976")},
    **{f"US-{state}": ("US", state) for state in ("AL", "LA", "MS", "PA", "RI", "UT")},
    "ZA": ("ZA", None),
}


def calendar_text(name: str) -> str:
    country, subdivision = CALENDARS[name]
    days = holidays.country_holidays(country, subdiv=subdivision, years=list(YEARS))
    lines = [
        f"# Public holidays of {name}. Written by tools/calendars.py; days of your own go into",
        "# overrides.toml.",
        f'source = "holidays {holidays.__version__}"',
        f"first_year = {YEARS[0]}",
        f"last_year = {YEARS[-1]}",
        "",
        "[days]",
    ]
    lines += [f"{day} = {json.dumps(days[day], ensure_ascii=False)}" for day in sorted(days)]
    return "\n".join(lines) + "\n"


def main() -> int:
    if sys.argv[1:] not in (["update"], ["check"]):
        print(__doc__)
        return 2
    behind = []
    for name in CALENDARS:
        path = FOLDER / f"{name}.toml"
        text = calendar_text(name)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            behind.append(name)
            if sys.argv[1] == "update":
                path.write_text(text, encoding="utf-8")
    if behind:
        print(f"{sys.argv[1]}: {', '.join(behind)}")
    return int(bool(behind) and sys.argv[1] == "check")


if __name__ == "__main__":
    raise SystemExit(main())
