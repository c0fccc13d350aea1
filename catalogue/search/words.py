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
_DIGIT = re.compile("[0-9]")
# Beginnings of up to so many letters, a mark included, have lists of their own in the index, so that the first
# documents of one are read without collecting all the others.
LISTED = 5
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
    return {other for word in words if word in _SAME for other in _SAME[word]}


def phrasings(words: list[str]) -> list[list[str]]:
    """The words, then the same with one of them in another form.

    >>> phrasings(["rocky", "2"]), phrasings(["se7en"])
    ([['rocky', '2'], ['rocky', 'ii'], ['rocky', 'two']], [['se7en'], ['seten'], ['seven']])
    """
    return [words] + [
        [*words[:place], other, *words[place + 1 :]]
        for place, word in enumerate(words)
        for other in sorted({*variants(word), *numerals([word])})
    ]


def joined(name: str) -> set[str]:
    """Words that people write as one: parts around a hyphen, initials.

    >>> sorted(joined("Spider-Man")), sorted(joined("E.T. the Extra-Terrestrial"))
    (['spiderman'], ['et', 'extraterrestrial'])
    """
    hyphened = {fold(part).replace(" ", "") for part in re.findall(r"\w+(?:-\w+)+", name)}
    initials = {run.replace(" ", "") for run in re.findall(r"(?:^|(?<= ))[a-z](?: [a-z])+(?= |$)", fold(name))}
    return {word for word in hyphened | initials if word.isalnum()}


def without_article(words: list[str]) -> list[str]:
    """The words without an article before or behind them.

    >>> without_article(["matrix", "the"]), without_article(["the", "the"]), without_article(["a"])
    (['matrix'], ['the'], ['a'])
    """
    if len(words) > 1 and words[0] in ARTICLES:
        return words[1:]
    return words[:-1] if len(words) > 1 and words[-1] in ARTICLES else words


def whole(words: list[str]) -> str:
    """A whole name as one word, without its article.

    >>> whole(["the", "third", "man"])
    '=third=man'
    """
    return f"={'='.join(without_article(words))}"[:MOST_LETTERS]


def of_document(names: Iterable[str], people: Iterable[str] = (), year: int | None = None) -> tuple[str, str]:
    """The names as they are ranked by, between bars, and all words of the document, each once, between spaces.

    >>> of_document(["The Third Man", ""], ["Carol Reed"], 1949)
    ('|third man|', 'the third man =third=man 3rd @carol @reed +1949')
    """
    bare: dict[str, None] = {}
    found: dict[str, None] = {}
    for name in names:
        words = fold(name).split()
        if not words:
            continue
        bare[" ".join(without_article(words))] = None
        found |= dict.fromkeys(word[:MOST_LETTERS] for word in words)
        found[whole(words)] = None
        found |= dict.fromkeys(sorted(_other_forms(name, words)))
    found |= dict.fromkeys(f"@{word}" for person in people for word in fold(person).split())
    if year:
        found[f"+{year}"] = None
    return f"|{'|'.join(bare)}|", " ".join(found)


def _other_forms(name: str, words: list[str]) -> set[str]:
    """Words that are not in the name as it is written; each kind is looked for only where it can be: 2 us, not 15."""
    found = numerals(words)
    if "-" in name or any(len(word) == 1 for word in words):
        found |= joined(name)
    if _DIGIT.search(name):
        found |= {other for word in words for other in variants(word)}
    return found
