"""Mends misspelt words by the words there are: a symmetric-delete table, the same on every database.

Every term stands in the table whole and without each of its letters. A typed word, treated likewise, meets all terms
one slip away (a letter too many, too few, another, or two swapped) and many that are two away, by equality alone.
"""

from collections.abc import Iterable

from catalogue.models import SearchTerm, SearchTypo

SHORTEST, LONGEST = 4, 32  # letters of a word that is mended
MOST_CANDIDATES = 400
BATCH = 2000


def shortened(word: str) -> set[str]:
    """The word and all that remain when one letter is left out.

    >>> sorted(shortened("ran"))
    ['an', 'ra', 'ran', 'rn']
    """
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def distance(one: str, other: str) -> int:
    """Slips between two words: letters to add, drop or change, and neighbours to swap.

    >>> distance("kurosava", "kurosawa"), distance("mtarix", "matrix"), distance("amelie", "amelie")
    (1, 1, 0)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def suggestions(word: str, most: int = 3) -> list[str]:
    """Words there are that may have been meant, the likeliest first: 1 query.

    Fewer slips come before more, the same first letter before another, then what is looked at more.
    """
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return []
    variants = shortened(word)
    if len(word) > SHORTEST:
        variants |= {again for once in variants if once != word for again in shortened(once)}
    rows = SearchTypo.objects.filter(variant__in=variants).values_list("term__term", "term__level")[:MOST_CANDIDATES]
    allowed = 1 if len(word) < 6 else 2
    found = {term: (distance(word, term), term[0] != word[0], -level) for term, level in rows}
    near = [term for term, (slips, *_) in found.items() if 0 < slips <= allowed]
    return sorted(near, key=lambda term: (found[term], term))[:most]


def mendable(words: str) -> list[str]:
    """Those of a document's words that a misspelt one may stand for.

    >>> mendable("ran seven samurai =seven=samurai @akira 7 +1954")
    ['seven', 'samurai']
    """
    return [word for word in words.split() if SHORTEST <= len(word) <= LONGEST and word.isalpha()]


def learn(documents: Iterable[tuple[str, int]]) -> None:
    """Add the words of documents, given with their levels; 1 query when all are known and at their level."""
    levels: dict[str, int] = {}
    for words, level in documents:
        for word in mendable(words):
            levels[word] = max(level, levels.get(word, 0))
    known = dict(SearchTerm.objects.filter(term__in=levels).values_list("term", "level"))
    fresh = [word for word in levels if word not in known]
    SearchTerm.objects.bulk_create(
        [SearchTerm(term=word, level=levels[word]) for word in fresh], ignore_conflicts=True, batch_size=BATCH
    )
    keys = dict(SearchTerm.objects.filter(term__in=fresh).values_list("term", "pk"))
    typos = (SearchTypo(variant=variant, term_id=pk) for word, pk in keys.items() for variant in shortened(word))
    SearchTypo.objects.bulk_create(typos, ignore_conflicts=True, batch_size=BATCH)
    for word in known:
        if levels[word] > known[word]:
            SearchTerm.objects.filter(term=word).update(level=levels[word])
