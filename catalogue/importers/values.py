"""Reads dates, running times and amounts in the forms people write them. Pure; nothing is guessed.

Each function raises ValueError, with a sentence for editors, for what it cannot read.
"""

import re

from catalogue.dates import PartialDate
from catalogue.text import fold

LONGEST = 80  # characters of a date, a running time or an amount; more is a text in the wrong column
_MONTHS = (
    "january januar janvier enero gennaio janeiro januari styczen jan ene gen",
    "february februar fevrier febrero febbraio fevereiro februari luty feb fev fevr",
    "march marz maerz mars marzo marco maart marzec mar mrz mrt",
    "april avril abril aprile kwiecien apr avr abr",
    "may mai mayo maggio maio mei maj mag",
    "june juni juin junio giugno junho czerwiec jun giu",
    "july juli juillet julio luglio julho lipiec jul juil lug",
    "august aout agosto augusti augustus sierpien aug ago aou",
    "september septembre septiembre settembre setembro wrzesien sep sept set",
    "october oktober octobre octubre ottobre outubro pazdziernik oct okt ott out",
    "november novembre noviembre novembro listopad nov",
    "december dezember decembre diciembre dicembre dezembro grudzien dec dez dic",
)
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_NUMBERS = re.compile(r"([0-9]{1,4})([./-])([0-9]{1,2})\2([0-9]{1,4})", re.ASCII)
_ROUGHLY = r"(?:c|ca|circa|about|around|approx|etwa|um|vers|environ|~)\.? *"
_ABOUT = re.compile(rf"{_ROUGHLY}([0-9]{{4}})|([0-9]{{4}}) *\?", re.ASCII | re.I)
_CLOCK = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[AP]M)?(Z|[+-][0-9:]{2,6})?$", re.ASCII | re.I)
_HOURS = re.compile(
    rf"(?:{_ROUGHLY}|pt)?(?:([0-9]{{1,3}}) ?(?:h|hr|hrs|hour|hours|std|stunden|heures?|horas?)\.? ?)?"
    r"(?:([0-9]{1,10}) ?(?:m|min|mins|minn|minutes?|minuten|minuti|minutos|'|′|’)?\.? ?)?"
    r"(?:[0-9]{1,2} ?s(?:ec|ek)?\.?)?",
    re.ASCII | re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?:us ?\$|usd|\$)? ?([0-9][0-9., ']*) ?(k|thousand|m|mn|mio|million|millions|b|bn|billion)?\.? ?"
    r"(?:us ?\$|usd|\$|dollars?)?",
    re.ASCII | re.IGNORECASE,
)
_TIMES = {"": 1, "k": 10**3, "t": 10**3, "m": 10**6, "b": 10**9}


def parse_date(written: str, *, day_first: bool | None = None) -> PartialDate:
    """Read a date in figures or words, as exact as it is written.

    >>> [str(parse_date(text)) for text in ("1954-04", "26.4.1954", "April 26, 1954", "26 avril 1954", "Apr 1954")]
    ['1954-04', '1954-04-26', '1954-04-26', '1954-04-26', '1954-04']
    >>> str(parse_date("10/30/1995")), str(parse_date("3/4/1995", day_first=False))
    ('1995-10-30', '1995-03-04')

    "3/4/1995" may be March or April: without ``day_first`` it raises ValueError. Years have four digits.
    """
    text = " ".join(written.split()).lstrip("+")
    if len(text) > LONGEST:
        raise ValueError(f"“{text[:40]}…” is no date.")
    text = _CLOCK.sub("", re.sub(r" ?\([^()]*\)$", "", text))
    if about := _ABOUT.fullmatch(text):
        return PartialDate.parse(about[1] or about[2])
    if figures := _NUMBERS.fullmatch(text):
        return _from_figures(figures, day_first)
    return _from_words(text) if re.search(r"[^\W\d_]{3}", text) else PartialDate.parse(text)


def _from_figures(figures: re.Match[str], day_first: bool | None) -> PartialDate:
    first, sign, second, last = figures.groups()
    if len(first) == 4 and len(last) <= 2:
        return PartialDate.parse(f"{first}-{second:0>2}-{last:0>2}")
    if len(first) > 2 or len(last) != 4:
        raise ValueError(f"“{figures[0]}” has no year of four digits.")
    one, two = int(first), int(second)
    if sign == ".":  # written in countries that put the day first
        day_first = True
    elif one > 12 or two > 12 or one == two:
        day_first = one > 12
    if day_first is None:
        raise ValueError(f"“{figures[0]}” may be read in two ways: write it as {last}-{second:0>2}-{first:0>2}.")
    day, month = (one, two) if day_first else (two, one)
    return PartialDate.parse(f"{last}-{month:02}-{day:02}")


def _from_words(text: str) -> PartialDate:
    words = [word for word in fold(text).split() if word not in {"de", "del", "of", "the", "le", "den"}]
    months = [MONTHS[word] for word in words if word in MONTHS]
    numbers = [re.sub(r"(?<=[0-9])(st|nd|rd|th|er)$", "", word) for word in words if word not in MONTHS]
    years = [number for number in numbers if re.fullmatch("[0-9]{4}", number, re.ASCII)]
    days = [number for number in numbers if re.fullmatch("[0-9]{1,2}", number, re.ASCII)]
    if len(months) != 1 or len(years) != 1 or len(days) > 1 or len(numbers) != 1 + len(days):
        raise ValueError(f"“{text}” is no date: write YYYY, YYYY-MM or YYYY-MM-DD.")
    return PartialDate.parse("-".join([years[0], f"{months[0]:02}", *(day.zfill(2) for day in days)]))


def parse_minutes(written: str) -> int:
    """Read a running time: minutes, or hours and minutes; seconds are dropped.

    >>> [parse_minutes(text) for text in ("107", "ca. 107 min.", "1h 47m", "1:47", "1:47:20", "PT1H47M", "107.0")]
    [107, 107, 107, 107, 107, 107, 107]
    """
    text = " ".join(written.split())
    if len(text) <= LONGEST:
        if clock := re.fullmatch(r"([0-9]{1,3}):([0-5][0-9])(?::[0-5][0-9])?", text, re.ASCII):
            return int(clock[1]) * 60 + int(clock[2])
        found = _HOURS.fullmatch(re.sub(r"(?<=[0-9])\.0+$", "", text))
        if found and (found[1] or found[2]):
            return int(found[1] or 0) * 60 + int(found[2] or 0)
    raise ValueError(f"“{text[:40]}” is no running time: write whole minutes.")


def parse_dollars(written: str) -> int:
    """Read an amount of US dollars. Other currencies raise ValueError: nothing is converted.

    >>> [parse_dollars(text) for text in ("1,500,000", "$1.5 million", "US$ 1.500.000", "1500000.0", "$300K")]
    [1500000, 1500000, 1500000, 1500000, 300000]
    """
    text = " ".join(written.split())
    found = _AMOUNT.fullmatch(text) if len(text) <= LONGEST else None
    if not found:
        raise ValueError(f"“{text[:40]}” is no amount of US dollars.")
    digits = re.sub(r"[ ']", "", found[1]).rstrip(".,")
    times = _TIMES[(found[2] or "")[:1].lower()]
    if re.fullmatch(r"[0-9]{1,3}([.,])[0-9]{3}(\1[0-9]{3})*", digits, re.ASCII) and times == 1:
        digits = re.sub(r"[.,]", "", digits)
    whole = re.fullmatch(r"([0-9]{1,15})(?:[.,]([0-9]{1,6}))?", re.sub(r",(?=[0-9]{3},)", "", digits), re.ASCII)
    if not whole:
        raise ValueError(f"“{text[:40]}” is no amount of US dollars.")
    return int(whole[1]) * times + int((whole[2] or "0").ljust(9, "0")) * times // 10**9


def mend_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 once; text without its traces stays as it is.

    >>> mend_mojibake("AmÃ©lie"), mend_mojibake("Amélie"), mend_mojibake("Ã la carte")
    ('Amélie', 'Amélie', 'Ã la carte')
    """
    if not any(trace in text for trace in "ÃÂâÅÐÑ"):
        return text
    try:
        return bytes(_byte(char) for char in text).decode()
    except ValueError:
        return text


def _byte(char: str) -> int:
    # Windows-1252 leaves five bytes open, which programs pass on as the control characters of the same number.
    return ord(char) if ord(char) in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else char.encode("cp1252")[0]
