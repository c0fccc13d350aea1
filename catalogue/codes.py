"""Countries and languages as people and sources write them, in our codes. A leaf: reads two reference files once."""

import json
from functools import cache
from pathlib import Path

from catalogue.text import fold

FOLDER = Path(__file__).parent / "reference"


def country_code(written: str) -> str | None:
    """The ISO 3166-1 code (3166-3 for a former country) of a code or a name; None when there is no such country.

    >>> country_code("us"), country_code("USA"), country_code("West Germany"), country_code("Frankreich")
    ('US', 'US', 'DE', 'FR')
    >>> country_code("USSR"), country_code("Atlantis")
    ('SU', None)
    """
    return _code(written, "country", written.strip().upper())


def language_code(written: str) -> str | None:
    """The ISO 639-1 code (639-3 where there is none) of a code, an old code or a name.

    >>> language_code("EN"), language_code("ger"), language_code("iw"), language_code("français"), language_code("cn")
    ('en', 'de', 'he', 'fr', 'yue')
    >>> language_code("pt-BR"), language_code("No Language"), language_code("Elvish")
    ('pt', 'zxx', None)
    """
    code = written.strip().lower().replace("_", "-")
    return _code(written, "language", code) or _code(written, "language", code.partition("-")[0])


def _code(written: str, kind: str, code: str) -> str | None:
    codes, words = _reference(kind)
    return code if code in codes else words.get(fold(written)) or words.get(fold(code))


@cache
def _reference(kind: str) -> tuple[frozenset[str], dict[str, str]]:
    plural = {"country": "countries", "language": "languages"}[kind]
    codes = json.loads((FOLDER / f"{plural}.json").read_text(encoding="utf-8"))
    lists = json.loads((FOLDER / f"{kind}_words.json").read_text(encoding="utf-8"))
    return frozenset(codes), {word: code for code, words in lists.items() for word in words.split(" | ")}
