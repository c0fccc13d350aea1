"""Which words a document is found by, and which a query asks for. Pure.

Besides the plain words of its names, a document holds words that nobody types, told apart by their first character:

* ``=seven=samurai``: a whole name, so that an exact title is found among thousands that only begin like it;
* ``@kurosawa``: a word of somebody's name who made the movie, for "kurosawa ran";
* ``+1954``: the year.
"""

import re
from collections.abc import Iterable

from catalogue.text import fold

ARTICLES = frozenset(["the", "a", "an", "le", "la", "les", "l", "el", "los", "las", "il", "lo", "der", "die", "das"])
_NUMBERS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ROMAN = ["ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_SAME: dict[str, tuple[str, ...]] = {}
for _value, _forms in enumerate(zip(_NUMBERS, _ROMAN, strict=True), start=2):
    _SAME |= {_form: tuple({str(_value), *_forms} - {_form}) for _form in (str(_value), *_forms)}
for _value, _ordinal in enumerate(_ORDINALS, start=1):
    _short = f"{_value}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(_value, 'th') }"
    _SAME |= {_ordinal: (_short,), _short: (_ordinal,)}
# Digits written for letters; 7 stands for t and for v.
_DIGITS = [str.maketrans("0134578", f"oieas{seven}b") for seven in "tv"]
MOST_LETTERS = 120  # of a whole name; PostgreSQL takes lexemes of up to 2,046 bytes


def variants(word: str) -> list[str]:
    """A word with digits among its letters, as it is meant.

    >>> variants("se7en"), variants("1917"), variants("seven")
    (['seten', 'seven'], [], [])
    """
    if word.isdigit() or not any(char.isdigit() for char in word) or not word.isascii():
        return []
    return list(dict.fromkeys(word.translate(table) for table in _DIGITS))


def numerals(words: Iterable[str]) -> set[str]:
    """The same numbers in other forms.

    >>> sorted(numerals(["rocky", "ii"]))
    ['2', 'two']
    """
    return {other for word in words for other in _SAME.get(word, ())}


def joined(name: str) -> set[str]:
    """Words that people write as one: parts around a hyphen, initials.

    >>> sorted(joined("Spider-Man")), sorted(joined("E.T. the Extra-Terrestrial"))
    (['spiderman'], ['et', 'extraterrestrial'])
    """
    hyphened = {fold(part).replace(" ", "") for part in re.findall(r"\w+(?:-\w+)+", name)}
    initials = {run.replace(" ", "") for run in re.findall(r"(?:^|(?<= ))[a-z](?: [a-z])+(?= |$)", fold(name))}
    return {word for word in hyphened | initials if word.isalnum()}


def whole(words: list[str]) -> list[str]:
    """A whole name as one word, with and without its article.

    >>> whole(["the", "third", "man"])
    ['=the=third=man', '=third=man']
    """
    forms = [words]
    if len(words) > 1 and words[0] in ARTICLES:
        forms.append(words[1:])
    if len(words) > 1 and words[-1] in ARTICLES:  # "matrix, the"
        forms.append(words[:-1])
    return [f"={'='.join(form)}"[:MOST_LETTERS] for form in forms]


def of_document(names: Iterable[str], people: Iterable[str] = (), year: int | None = None) -> str:
    """All words of a document, each once, between spaces.

    >>> of_document(["Ran"], ["Akira Kurosawa"], 1985)
    'ran =ran @akira @kurosawa +1985'
    """
    found: dict[str, None] = {}
    for name in names:
        words = fold(name).split()
        found |= dict.fromkeys(word[:MOST_LETTERS] for word in words)
        found |= dict.fromkeys(
            sorted(numerals(words) | joined(name) | {other for word in words for other in variants(word)})
        )
        if words:
            found |= dict.fromkeys(whole(words))
    found |= dict.fromkeys(f"@{word}" for person in people for word in fold(person).split())
    if year:
        found[f"+{year}"] = None
    return " ".join(found)
