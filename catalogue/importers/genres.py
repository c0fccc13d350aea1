"""Genres as other sources call them, in our words. A leaf."""

from functools import lru_cache

from catalogue.text import fold

GENRES = frozenset({
    "Action", "Adventure", "Animation", "Biography", "Comedy", "Crime", "Documentary", "Drama", "Family", "Fantasy",
    "Film noir", "History", "Horror", "Music", "Musical", "Mystery", "Romance", "Science fiction", "Sport", "Thriller",
    "War", "Western",
})  # fmt: skip
# Folded, in English, German, French, Spanish, Italian and Portuguese where a genre is called otherwise there. Names
# that say nothing of the kind of movie ("Short", "Adult", "TV Movie") are in none of the lists.
_WORDS = {
    "Action": "superhero | martial arts | aktion | accion | azione | acao",
    "Adventure": "abenteuer | abenteuerfilm | aventure | aventures | aventura | aventuras | avventura",
    "Animation": "animated | zeichentrick | zeichentrickfilm | animationsfilm | dessin anime | animacion | "
    "animazione | animacao",
    "Biography": "biopic | biographical | biografie | biographie | biografia | biografico | filmbiografie",
    "Comedy": "komodie | comedie | comedia | commedia",
    "Crime": "krimi | kriminalfilm | policier | film policier | crimen | policiaco | policial | poliziesco | giallo",
    "Documentary": "dokumentarfilm | dokumentation | doku | documentaire | documental | documentario",
    "Drama": "drame | dramma",
    "Family": "children | childrens | kids | familie | familienfilm | kinderfilm | famille | familial | familiar | "
    "infantil | famiglia | per famiglie | familia",
    "Fantasy": "fantastique | fantasia | fantastico",
    "Film noir": "noir",
    "History": "historical | historienfilm | historisch | geschichte | histoire | historique | historia | historico | "
    "storico | storia",
    "Horror": "horrorfilm | horreur | epouvante | terror | orrore",
    "Music": "musik | musikfilm | musique | musica",
    "Musical": "musikal | comedie musicale | musicale",
    "Mystery": "mysteryfilm | mystere | misterio | mistero",
    "Romance": "romantic | romantik | liebesfilm | romanze | romantique | amour | romantico | romantica | "
    "sentimental | sentimentale",
    "Science fiction": "sci fi | scifi | sf | ciencia ficcion | fantascienza | ficcao cientifica",
    "Sport": "sports | sportfilm | deporte | deportes | esporte",
    "Thriller": "suspense",
    "War": "krieg | kriegsfilm | antikriegsfilm | guerre | guerra | belico | film di guerra",
    "Western": "",
}
_OURS = {fold(name): name for name in GENRES} | {
    word: name for name, words in _WORDS.items() for word in words.split(" | ") if word
}


@lru_cache(10_000)  # 11 million titles name them in a few hundred ways
def our_genre(name: str) -> str | None:
    """Our name of a genre, None for one we do not keep.

    >>> our_genre("Sci-Fi"), our_genre("drama "), our_genre("Komödie"), our_genre("(no genres listed)")
    ('Science fiction', 'Drama', 'Comedy', None)
    """
    return _OURS.get(fold(name))
