"""Genres as other sources call them, in our words. A leaf."""

GENRES = frozenset({
    "Action", "Adventure", "Animation", "Biography", "Comedy", "Crime", "Documentary", "Drama", "Family", "Fantasy",
    "Film noir", "History", "Horror", "Music", "Musical", "Mystery", "Romance", "Science fiction", "Sport", "Thriller",
    "War", "Western",
})  # fmt: skip
# Lower case. Names that say nothing of the kind of movie ("Short", "Adult", "TV Movie") are in none of the lists.
_OTHER_NAMES = {
    "sci-fi": "Science fiction", "scifi": "Science fiction", "sf": "Science fiction", "film-noir": "Film noir",
    "noir": "Film noir", "children": "Family", "children's": "Family", "children’s": "Family", "kids": "Family",
    "biopic": "Biography", "biographical": "Biography", "historical": "History", "romantic": "Romance",
    "suspense": "Thriller", "sports": "Sport", "animated": "Animation", "superhero": "Action", "martial arts": "Action",
}  # fmt: skip
_OURS = {name.lower(): name for name in GENRES} | _OTHER_NAMES


def our_genre(name: str) -> str | None:
    """Our name of a genre, None for one we do not keep.

    >>> our_genre("Sci-Fi"), our_genre("drama "), our_genre("(no genres listed)")
    ('Science fiction', 'Drama', None)
    """
    return _OURS.get(" ".join(name.lower().split()))
