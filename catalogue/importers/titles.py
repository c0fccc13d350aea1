"""Titles as lists write them: with the year behind, the article moved, other titles in parentheses. Pure."""

import re

_YEAR = re.compile(r"\(\s*([0-9]{4})(?:\s*[–-]\s*(?:[0-9]{4})?)?\s*\)$", re.ASCII)
_INSIDE = re.compile(r"\s\(([^()]+)\)$")
_ARTICLES = frozenset({
    "the", "a", "an", "le", "la", "les", "l'", "un", "une", "der", "die", "das", "ein", "eine", "el", "los", "las",
    "il", "lo", "gli", "i", "o", "os", "as", "um", "uma", "de", "het", "een", "den", "det", "en", "et", "ett", "az",
})  # fmt: skip
# "Birdman: Or (The Unexpected Virtue of Ignorance)": what a title cannot end with.
_OPEN_ENDS = frozenset(["or", "and", "of", "the", "a", "an", "in", "on", "to", "for", "with", "&"])


def split_year(title: str) -> tuple[str, int | None]:
    """Take the year off the end of a title.

    >>> split_year("Toy Story (1995) "), split_year("Babylon 5"), split_year("Death Note (2006–2007)")
    (('Toy Story', 1995), ('Babylon 5', None), ('Death Note', 2006))
    """
    title = title.strip()
    year = _YEAR.search(title)
    if year is None or not title[: year.start()].strip():
        return title, None
    return title[: year.start()].strip(), int(year[1])


def unfile(title: str) -> str:
    """Put the article back in front.

    >>> unfile("Usual Suspects, The"), unfile("Cité des enfants perdus, La"), unfile("Avventura, L'"), unfile("Ran")
    ('The Usual Suspects', 'La Cité des enfants perdus', "L'Avventura", 'Ran')
    """
    rest, comma, article = title.rpartition(", ")
    if not comma or article.lower().replace("’", "'") not in _ARTICLES:
        return title
    return f"{article}{'' if article[-1] in '’' + chr(39) else ' '}{rest}"


def split_others(title: str) -> tuple[str, list[str]]:
    """Take the other titles in parentheses off the end.

    >>> split_others("Léon: The Professional (a.k.a. The Professional) (Léon)")
    ('Léon: The Professional', ['The Professional', 'Léon'])
    >>> split_others("(500) Days of Summer"), split_others("Postman, The (Postino, Il)")
    (('(500) Days of Summer', []), ('The Postman', ['Il Postino']))
    """
    others: list[str] = []
    while (inside := _INSIDE.search(title)) and _is_whole(title[: inside.start()].strip()):
        title = title[: inside.start()].strip()
        name = re.sub(r"^a\.?k\.?a\.?:? ", "", inside[1].strip(), flags=re.IGNORECASE)
        others.insert(0, unfile(name))
    title = unfile(title)
    kept = [name for name in dict.fromkeys(others) if name != title and not re.fullmatch("[IVX]+", name)]
    return title, kept


def _is_whole(title: str) -> bool:
    return unfile(title) != title or title.split()[-1].lower() not in _OPEN_ENDS
