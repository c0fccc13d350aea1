"""What is done to words: folding for search, filing titles, addresses, initials. Pure: no models, no settings."""

import html
import re
import unicodedata

# Letters that no Unicode decomposition opens, as a reader without them on the keyboard types them.
_LETTERS = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n", "ħ": "h",
        "ß": "ss", "ƒ": "f", "½": " 1/2", "¼": " 1/4", "¾": " 3/4", "&": " and ", "’": "'", "ʻ": "'", "ʼ": "'",
    }
)  # fmt: skip
# The same of ASCII at one go, which most names are: 1 us instead of 7.
_ASCII = {code: " " for code in range(128) if not chr(code).isalnum()} | {ord("'"): "", ord("&"): " and "}
# Leading articles of the languages whose titles are filed without them. Only words that are articles in the language
# they are most often met in: "die" files "Die Hard" wrongly, so German articles count only with German titles.
_ARTICLES = {
    "": ("the", "a", "an"),
    "fr": ("le", "la", "les", "l'", "un", "une"),
    "de": ("der", "die", "das", "ein", "eine"),
    "es": ("el", "la", "los", "las", "un", "una"),
    "it": ("il", "lo", "la", "i", "gli", "le", "l'", "un", "una", "uno"),
    "pt": ("o", "a", "os", "as", "um", "uma"),
    "nl": ("de", "het", "een"),
    "sv": ("en", "ett"), "da": ("en", "et"), "no": ("en", "et"),
}  # fmt: skip
SLUG_LENGTH = 80
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]*>", re.IGNORECASE)


def fold(text: str) -> str:
    """Write ``text`` as search compares it: lower case, without accents, one space between words.

    >>> fold("Amélie")
    'amelie'
    >>> fold("M. Hulot’s  Holiday")
    'm hulots holiday'
    >>> fold("8½")
    '8 1 2'
    >>> fold("七人の侍")
    '七 人 の 侍'

    Chinese characters, kana and hangul become one word each, since nothing else separates them.
    """
    if text.isascii():
        return " ".join(text.lower().translate(_ASCII).split())
    text = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    text = "".join(char for char in text if not unicodedata.combining(char))
    # Kana and hangul are put together again: a voiced kana is another letter, not an accent.
    text = unicodedata.normalize("NFC", text).translate(_LETTERS).replace("'", "")
    spaced = "".join(f" {char} " if _is_ideograph(char) else char if char.isalnum() else " " for char in text)
    return " ".join(spaced.split())


def _is_ideograph(char: str) -> bool:
    code = ord(char)
    return (
        0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7A3 or 0x20000 <= code <= 0x3FFFF
    )


def sort_title(title: str, language: str = "") -> str:
    """File ``title``: folded, a leading article moved behind, whole numbers padded so that 2 comes before 10.

    >>> sort_title("The Third Man")
    'third man, the'
    >>> sort_title("La Strada", "it")
    'strada, la'
    >>> sort_title("12 Angry Men")
    '0000000012 angry men'
    >>> sort_title("A")
    'a'

    ``language``: ISO 639-1 code of the title, "" for English.
    """
    first, _, rest = title.strip().partition(" ")
    for article in (*_ARTICLES[""], *_ARTICLES.get(language, ())):
        if rest and first.casefold() == article:
            return f"{_pad(fold(rest)) or fold(title)}, {article}"
        if (
            article.endswith("'")
            and first.casefold().replace("’", "'").startswith(article)
            and len(first) > len(article)
        ):
            return f"{_pad(fold(title.strip()[len(article) :]))}, {article}"
    return _pad(fold(title)) or title.strip().casefold()


def _pad(text: str) -> str:
    # Ten places hold every number met in a title; the field is cut to its length by its writer.
    return re.sub(r"\d+", lambda number: number.group().zfill(10), text)


def sort_name(name: str) -> str:
    """File a person's name: folded, the last word first.

    >>> sort_name("Brad Fraser")
    'fraser, brad'
    >>> sort_name("Robert Downey Jr.")
    'downey, robert jr'
    >>> sort_name("Madonna")
    'madonna'
    """
    words = fold(name).split()
    if len(words) < 2 or _is_ideograph(words[0][0]):
        return " ".join(words) or name.strip().casefold()
    last = len(words) - (2 if words[-1] in {"jr", "sr", "ii", "iii", "iv"} and len(words) > 2 else 1)
    return f"{words[last]}, {' '.join(words[:last] + words[last + 1 :])}"


def slugify(text: str, fallback: str) -> str:
    """Write ``text`` as the readable part of an address; ``fallback`` when it holds no Latin letter or digit.

    >>> slugify("Amélie", "movie")
    'amelie'
    >>> slugify("七人の侍", "movie")
    'movie'
    """
    words = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(words) > SLUG_LENGTH:
        words = words[:SLUG_LENGTH].rpartition("-")[0] or words[:SLUG_LENGTH]
    return words or fallback


def initials(name: str) -> str:
    """Give one or two letters that stand for a person without a portrait.

    >>> initials("Vince Corazza"), initials("John C. Reilly"), initials("黒澤明"), initials("")
    ('VC', 'JR', '黒', '')
    """
    words = [word for word in name.split() if word[:1].isalpha()]
    if not words:
        return name.strip()[:1].upper()
    letters = [words[0][0]] if len(words) == 1 else [words[0][0], words[-1][0]]
    return "".join(letters).upper()


def squeeze(title: str) -> int:
    """Say how narrow a title is set, 0 (wide) to 4 (narrowest), by its length in characters.

    >>> squeeze("Ran"), squeeze("Leaving Metropolis"), squeeze("x" * 60)
    (0, 2, 4)
    """
    return next((step for step, most in enumerate((8, 16, 30, 48)) if len(title) <= most), 4)


def clean(text: str) -> str:
    """Drop what no text of ours may hold, and blank edges; text in which nothing can be seen is empty.

    Dropped are NUL and control characters other than tab and line ends, code points that are no characters, which XML
    refuses, and overrides of the direction.

    >>> clean(" a\\x00b\\r\\nc "), clean("\\u200b \\u202e"), clean("fine\\uffff")
    ('ab\\nc', '', 'fine')
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in text if char in "\n\t" or not _is_forbidden(char)).strip()
    return kept if any(unicodedata.category(char)[0] not in "CZ" for char in kept) else ""


def _is_forbidden(char: str) -> bool:
    code = ord(char)
    is_no_character = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return is_no_character or char in "\u202d\u202e" or unicodedata.category(char) in {"Cc", "Cs"}


def plain(text: str) -> str:
    """Drop markup and read entities, twice, since some sources escape what is escaped already.

    >>> plain("A <i>quiet</i> day<br>&amp;amp; 1 < 2")
    'A quiet day\\n& 1 < 2'
    """
    if "<" not in text and "&" not in text:
        return text
    for _ in range(2):
        text = html.unescape(_TAG.sub("", _BREAK.sub("\n", _uncommented(text))))
    return text


def _uncommented(text: str) -> str:
    """Leave out comments of HTML; one that never ends is text. Reads the text once.

    >>> _uncommented("A <!-- not <b> -->day <!-- of")
    'A day <!-- of'
    """
    kept, here = [], 0
    while (start := text.find("<!--", here)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[here:start])
        here = end + 3
    return "".join([*kept, text[here:]])


def paragraphs(text: str) -> list[str]:
    """Split text at blank lines; a single line end stays inside its paragraph."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


_BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox", "FxiOS": "Firefox",
    "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS X": "macOS",
    "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


def browser(agent: str) -> str:
    """What people call the browser and the system of a User-Agent header; the header where it names none known.

    >>> browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox on Linux'
    """
    found = [next((name for mark, name in known.items() if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " on ".join(found) if all(found) else shorten(agent, 80)


def shorten(text: str, most: int) -> str:
    """Cut ``text`` at a word so that it has at most ``most`` characters, the ellipsis included.

    >>> shorten("one two three", 9)
    'one two…'
    """
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rpartition(" ")[0].rstrip(",;:.") + "…"
