"""The columns of an archive's or festival's own list: what we call them, and what others do. A leaf.

docs/importing.md lists them for editors; names are compared folded, so case, accents and underscores do not matter.
"""

from dataclasses import dataclass

from catalogue.text import fold


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in our template, what it holds, an example, and other names of it."""

    name: str
    holds: str
    example: str
    others: tuple[str, ...] = ()


def _column(name: str, holds: str, example: str, others: str = "") -> Column:
    return Column(name, holds, example, tuple(word.strip() for word in others.split(",") if word.strip()))


COLUMNS = (
    _column(
        "Title", "The name it is known by. A year in parentheses behind it is read as the year.",
        "Seven Samurai",
        "movie, film, movie title, film title, primary title, titel, filmtitel, titre, titulo, titolo, tytul",
    ),
    _column(
        "Original title", "As first released, in its own script.",
        "七人の侍",
        "originaltitle, originaltitel, titre original, titulo original, titolo originale, tytul oryginalny",
    ),
    _column(
        "Year", "Of the first release, four digits.",
        "1954",
        "release year, year of release, year release, startyear, production year, jahr, produktionsjahr, annee, ano,"
        " anno, rok",
    ),
    _column(
        "Release date", "YYYY, YYYY-MM or YYYY-MM-DD; other forms where they can be read in one way only.",
        "1954-04-26",
        "released, date, releasedate, first release, premiere, datum, erstauffuhrung, urauffuhrung,"
        " kinostart, date de sortie, fecha de "
        "estreno, data di uscita",
    ),
    _column(
        "Running time", "Minutes, or hours and minutes: 207, 3h 27m, 3:27.",
        "207",
        "runtime, runtime minutes, runtimeminutes, running time min, duration, length, minutes, min, minuten,"
        " laufzeit, lange, "
        "dauer, duree, duracion, durata",
    ),
    _column(
        "Type", "Series, shows and games are passed over; empty is a movie.",
        "",
        "title type, titletype, typ, tipo",
    ),
    _column(
        "Director", "People; see below.",
        "Akira Kurosawa",
        "directors, directed by, regie, regisseur, realisateur, realisation, regia, regista, direccion, director a, "
        "rezyser",
    ),
    _column(
        "Writer", "People.",
        "Akira Kurosawa; Shinobu Hashimoto; Hideo Oguni",
        "writers, written by, screenplay, screenwriter, drehbuch, scenario, scenariste, guion, sceneggiatura",
    ),
    _column(
        "Producer", "People.",
        "Sōjirō Motoki",
        "producers, produced by, produzent, produktion, producteur, productor, produttore",
    ),
    _column(
        "Cinematographer", "People.",
        "Asakazu Nakai",
        "cinematography, photography, director of photography, kamera, image, photographie, fotografia",
    ),
    _column(
        "Editor", "People.",
        "Akira Kurosawa",
        "editors, editing, film editor, schnitt, montage, montaje, montaggio",
    ),
    _column(
        "Composer", "People.",
        "Fumio Hayasaka",
        "composers, music, music by, musik, musique, musica, compositeur",
    ),
    _column(
        "Cast", "People in the order of billing: “Actor as Character” or “Actor (Character)”.",
        "Toshirō Mifune as Kikuchiyo; Takashi Shimura as Kambei",
        "actors, actor, actress, starring, lead actor actress, darsteller, besetzung, acteurs, distribution, "
        "interpretes, reparto, attori, interpreti",
    ),
    _column(
        "Studio", "Production companies.",
        "Toho",
        "studios, production company, production companies, company, produktionsfirma, productora, societe de "
        "production",
    ),
    _column(
        "Country", "Of production: names or ISO codes.",
        "Japan",
        "countries, country of origin, countries of origin, production countries, land, produktionsland, pays, pais,"
        " paese, nazione, kraj",
    ),
    _column(
        "Language", "Spoken: names or ISO codes; the first is the original one.",
        "Japanese",
        "languages, spoken languages, original language, sprache, sprachen, langue, langues, idioma, idiomas, "
        "lingua, jezyk",
    ),
    _column(
        "Genre", "Ours, or what other lists call them, in six languages.",
        "Drama; Action",
        "genres, major genre, gattung, genero, generi, genere, gatunek",
    ),
    _column(
        "Synopsis", "The plot without its ending.",
        "Farmers hire seven swordsmen to guard a village.",
        "plot, summary, overview, description, story, storyline, inhalt, handlung, resume, sinopsis, sinossi, trama",
    ),
    _column(
        "Tagline", "",
        "",
        "slogan",
    ),
    _column(
        "Color", "Color, black and white, or both.",
        "black and white",
        "colour, farbe, couleur, colore",
    ),
    _column(
        "Aspect ratio", "Width over height.",
        "1.37",
        "ratio, bildformat, format",
    ),
    _column(
        "Budget", "US dollars.",
        "",
        "production budget, budget usd",
    ),
    _column(
        "Revenue", "US dollars.",
        "",
        "gross, worldwide gross, box office, intgross, revenue usd",
    ),
    _column(
        "Certification", "With its country: “US: PG-13; DE: 12”.",
        "",
        "certificate, age rating",
    ),
    _column(
        "Other titles", "",
        "Shichinin no samurai",
        "alternative titles, alternative title, also known as, aka, akas, other title, alternativtitel, autres "
        "titres",
    ),
    _column(
        "Homepage", "https://…",
        "",
        "website, official site",
    ),
    _column(
        "Inventory number", "Your own, by which a row is known again when the list is imported anew.",
        "",
        "inventory no, inventory id, accession number, signature, shelfmark, inventarnummer, signatur, cote, signatura",
    ),
    _column(
        "IMDb id", "tt…; matches without doubt.",
        "tt0047478",
        "imdb, imdbid, imdb id, tconst, const, imdb link, imdb url",
    ),
    _column(
        "TMDB id", "",
        "346",
        "tmdb, tmdbid, tmdb id",
    ),
    _column(
        "Wikidata id", "Q…",
        "Q189540",
        "wikidata, wikidataid, wikidata item, q id",
    ),
)  # fmt: skip
IDS = ("IMDb id", "TMDB id", "Wikidata id")
_NAMES = {fold(name): column.name for column in COLUMNS for name in (*column.others, column.name)}


def our_column(name: str) -> str | None:
    """Our name of a column, None for one we do not read."""
    return _NAMES.get(fold(name))


def our_columns(header: list[str]) -> dict[str, int]:
    """Which column stands where, by our names; of two for the same the first counts.

    >>> our_columns(["Titel", "Jahr", "Notes", "Regie"])
    {'Title': 0, 'Year': 1, 'Director': 3}
    """
    found: dict[str, int] = {}
    for place, name in enumerate(header):
        if ours := our_column(name):
            found.setdefault(ours, place)
    return found


def is_header(cells: list[str]) -> bool:
    """Whether a row names columns: a title or an id among them."""
    return bool({"Title", *IDS} & our_columns(cells).keys())
