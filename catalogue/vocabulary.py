"""Closed lists of words. Each names its source. A leaf: no other models, no settings."""

from django.db import models


class Department(models.TextChoices):
    """Part of a production that a credit belongs to. Values: TMDB, GET /configuration/jobs; "acting" is the cast."""

    ACTING = "acting", "Acting"
    DIRECTING = "directing", "Directing"
    WRITING = "writing", "Writing"
    PRODUCTION = "production", "Production"
    CAMERA = "camera", "Camera"
    EDITING = "editing", "Editing"
    SOUND = "sound", "Sound and music"
    ART = "art", "Art"
    COSTUME_MAKEUP = "costume_makeup", "Costume and make-up"
    LIGHTING = "lighting", "Lighting"
    VISUAL_EFFECTS = "visual_effects", "Visual effects"
    CREW = "crew", "Crew"


class ReleaseType(models.TextChoices):
    """How a movie reached its audience. Values: TMDB release types 1 to 6, in their order."""

    PREMIERE = "premiere", "Premiere"
    THEATRICAL_LIMITED = "theatrical_limited", "Limited release"
    THEATRICAL = "theatrical", "In cinemas"
    DIGITAL = "digital", "Digital"
    PHYSICAL = "physical", "On disc or tape"
    TV = "tv", "Television"


class Status(models.TextChoices):
    """How far a movie is. Values: TMDB."""

    RUMORED = "rumored", "Rumored"
    PLANNED = "planned", "Planned"
    IN_PRODUCTION = "in_production", "In production"
    POST_PRODUCTION = "post_production", "Post-production"
    RELEASED = "released", "Released"
    CANCELED = "canceled", "Canceled"


class Color(models.TextChoices):
    """Of the picture as released."""

    COLOR = "color", "Color"
    BLACK_AND_WHITE = "black_and_white", "Black and white"
    BOTH = "both", "Color and black and white"


class TitleKind(models.TextChoices):
    """Why a movie has another title. Values: IMDb title.akas "types", as far as they name a reason."""

    ALTERNATIVE = "alternative", "Alternative"
    ROMANIZED = "romanized", "Romanized"
    ORIGINAL = "original", "Original"
    WORKING = "working", "Working title"
    FESTIVAL = "festival", "Festival title"


class VideoKind(models.TextChoices):
    """Values: TMDB video types, those shown here."""

    TRAILER = "trailer", "Trailer"
    TEASER = "teaser", "Teaser"
    CLIP = "clip", "Clip"
    FEATURETTE = "featurette", "Featurette"


class WatchKind(models.TextChoices):
    """On which terms a movie can be seen. Values: the monetization types of TMDB's watch providers, and discs."""

    STREAM = "stream", "Stream with a subscription"
    FREE = "free", "Watch for free"
    RENT = "rent", "Rent"
    BUY = "buy", "Buy"
    DISC = "disc", "On disc"


class ImageKind(models.TextChoices):
    """What an image shows, which decides its shape."""

    POSTER = "poster", "Poster"
    BACKDROP = "backdrop", "Backdrop"
    PORTRAIT = "portrait", "Portrait"


class Tint(models.TextChoices):
    """The one hue of a page, named after the tints of silent-film stock; static/css/site.css gives each its color."""

    ARGENT = "argent", "Argent (grey)"
    SUNSHINE = "sunshine", "Sunshine"
    CANDLEFLAME = "candleflame", "Candle flame"
    FIRELIGHT = "firelight", "Firelight"
    AFTERGLOW = "afterglow", "Afterglow"
    PEACHBLOW = "peachblow", "Peachblow"
    INFERNO = "inferno", "Inferno"
    ROSEDOREE = "rosedoree", "Rose dorée"
    AMARANTH = "amaranth", "Amaranth"
    CAPRICE = "caprice", "Caprice"
    FLEURDELIS = "fleurdelis", "Fleur de lis"
    PURPLEHAZE = "purplehaze", "Purple haze"
    NOCTURNE = "nocturne", "Nocturne"
    AZURE = "azure", "Azure"
    TURQUOISE = "turquoise", "Turquoise"
    AQUAGREEN = "aquagreen", "Aqua green"
    VERDANTE = "verdante", "Verdante"


class Placing(models.TextChoices):
    """Who put a related movie beside another: the computation or an editor; or an editor bans it from there."""

    COMPUTED = "computed", "Computed"
    PINNED = "pinned", "Pinned"
    BANNED = "banned", "Banned"


class RunState(models.TextChoices):
    """How far an import is. The first three are of uploads alone: nothing is written yet."""

    PLANNING = "planning", "Being read"
    PLANNED = "planned", "Planned"
    WAITING = "waiting", "About to start"
    RUNNING = "running", "Running"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Failed"
    FINISHED = "finished", "Finished"


class Answer(models.TextChoices):
    """What an editor said to a disagreement (kept, taken) or to a doubtful match (same, new, skipped)."""

    OPEN = "open", "Open"
    KEPT = "kept", "Ours kept"
    TAKEN = "taken", "Theirs taken"
    SAME = "same", "The same movie"
    NEW = "new", "Another movie"
    SKIPPED = "skipped", "Not wanted"


class EditKind(models.TextChoices):
    """What an edit of the history was made by."""

    FORM = "form", "Saved in a form"
    DELETION = "deletion", "Deletion"
    MERGE = "merge", "Merge"
    SPLIT = "split", "Split"
    BULK = "bulk", "Many at once"
    REVERT = "revert", "Revert"
    SUGGESTION = "suggestion", "Suggestion accepted"
    DECISION = "decision", "Decision about an import"
    IMPORT = "import", "Import"


class Suspicion(models.TextChoices):
    """Whether two records that may be one are."""

    OPEN = "open", "To be looked at"
    DIFFERENT = "different", "Not the same"


class SuggestionState(models.TextChoices):
    """What became of a member's suggestion."""

    OPEN = "open", "To be looked at"
    ACCEPTED = "accepted", "Accepted"
    PARTLY = "partly", "Accepted in part"
    REJECTED = "rejected", "Not accepted"
    WITHDRAWN = "withdrawn", "Withdrawn"
