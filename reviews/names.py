"""Names that people choose: what they may hold, and whether they pass for somebody else's. A leaf, and pure."""

import unicodedata

# Letters and digits that read as another: enough for the scripts whose letters look Latin, and what people type.
_LOOKALIKES = str.maketrans({
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "һ": "h", "н": "h", "і": "l", "ј": "j", "к": "k", "ӏ": "l",
    "м": "m", "о": "o", "р": "p", "ѕ": "s", "т": "t", "у": "y", "х": "x", "г": "r", "п": "n", "ԝ": "w", "ѵ": "v",
    "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "l", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u",
    "χ": "x", "ɑ": "a", "ɡ": "g", "ı": "l", "ł": "l", "ø": "o", "đ": "d", "ß": "b",
    "օ": "o", "ո": "n", "ս": "u", "հ": "h", "ց": "g", "ա": "w",
    "0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "$": "s", "@": "a", "|": "l",
    "!": "l", "i": "l",
})  # fmt: skip


_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Me"}
# Letters and signs that show nothing, and the sign for a character that could not be read.
_FILLERS = "\u115f\u1160\u3164\uffa0\u2800\ufffd"


def flaw(name: str) -> str:
    """Why a name cannot be shown, in a sentence; empty when it can.

    Refused are characters that are not seen or turn the line's direction, and names without a letter or digit.

    >>> flaw("Ana\\u202egro")
    'A name has no invisible or direction-changing characters.'
    >>> flaw("...")
    'A name has at least one letter or digit.'
    >>> flaw("Zoë Ng")
    ''
    """
    if any(unicodedata.category(char) in _UNSEEN or char in _FILLERS for char in name):
        return "A name has no invisible or direction-changing characters."
    if any(unicodedata.category(first) == unicodedata.category(last) == "Mn" for first, last in _triples(name)):
        return "A name does not stack more than two marks on a letter."
    if not any(char.isalnum() for char in name):
        return "A name has at least one letter or digit."
    return ""


def _triples(name: str) -> list[tuple[str, str]]:
    decomposed = unicodedata.normalize("NFD", name)
    return list(zip(decomposed, decomposed[2:], strict=False))


def skeleton(name: str) -> str:
    """What a name looks like at a glance: two names with one skeleton are easily taken for each other.

    >>> skeleton("Аdmin") == skeleton("adm1n") == skeleton("ad.min")  # the first begins with a Cyrillic letter
    True
    >>> skeleton("rnoderator") == skeleton("moderator")
    True
    """
    text = unicodedata.normalize("NFKD", name).casefold().translate(_LOOKALIKES)
    text = "".join(char for char in text if char.isalnum())
    return text.replace("rn", "m").replace("vv", "w")
