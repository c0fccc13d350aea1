"""One noun per file. Files name each other by "catalogue.Movie" strings."""

from catalogue.models.browse import BrowseBitmap, BrowseChange, BrowseState
from catalogue.models.bulk import BulkChange, RunUndo
from catalogue.models.collection import Collection, CollectionItem
from catalogue.models.credit import Credit
from catalogue.models.deadlink import DeadLink, LinkPass
from catalogue.models.epoch import Epoch
from catalogue.models.feature import Feature
from catalogue.models.genre import Genre, MovieGenre
from catalogue.models.history import Change, Edit
from catalogue.models.image import Image
from catalogue.models.importing import Disagreement, ImportProblem, ImportRun, MatchQuestion
from catalogue.models.link import Video, WatchLink
from catalogue.models.movie import Movie
from catalogue.models.person import AlternativeName, Person
from catalogue.models.place import Country, Language
from catalogue.models.presence import Presence
from catalogue.models.rating import ExternalRating
from catalogue.models.redirect import Redirect
from catalogue.models.related import RelatedMovie
from catalogue.models.release import Release
from catalogue.models.search import SearchDocument, SearchKind, SearchTerm, SearchTypo
from catalogue.models.source import ExternalId, Source
from catalogue.models.studio import MovieStudio, Studio
from catalogue.models.suggestion import Suggestion
from catalogue.models.suspect import Suspect
from catalogue.models.title import AlternativeTitle

__all__ = [
    "AlternativeName",
    "AlternativeTitle",
    "BrowseBitmap",
    "BrowseChange",
    "BrowseState",
    "BulkChange",
    "Change",
    "Collection",
    "CollectionItem",
    "Country",
    "Credit",
    "DeadLink",
    "Disagreement",
    "Edit",
    "Epoch",
    "ExternalId",
    "ExternalRating",
    "Feature",
    "Genre",
    "Image",
    "ImportProblem",
    "ImportRun",
    "Language",
    "LinkPass",
    "MatchQuestion",
    "Movie",
    "MovieGenre",
    "MovieStudio",
    "Person",
    "Presence",
    "Redirect",
    "RelatedMovie",
    "Release",
    "RunUndo",
    "SearchDocument",
    "SearchKind",
    "SearchTerm",
    "SearchTypo",
    "Source",
    "Studio",
    "Suggestion",
    "Suspect",
    "Video",
    "WatchLink",
]
