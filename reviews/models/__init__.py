"""Members, what they write, and what is decided about it; one file a noun."""

from reviews.models.decision import Action, Decision
from reviews.models.draft import Draft
from reviews.models.member import Member
from reviews.models.outgoing import OutgoingMail
from reviews.models.report import Outcome, Report, ReportReason
from reviews.models.review import MOST_HEADLINE, MOST_TEXT, HeldFor, Review, ReviewState
from reviews.models.revision import Revision
from reviews.models.rules import BlockedDomain, HeldWord
from reviews.models.upload import Upload
from reviews.models.vote import Vote

__all__ = [
    "MOST_HEADLINE",
    "MOST_TEXT",
    "Action",
    "BlockedDomain",
    "Decision",
    "Draft",
    "HeldFor",
    "HeldWord",
    "Member",
    "Outcome",
    "OutgoingMail",
    "Report",
    "ReportReason",
    "Review",
    "ReviewState",
    "Revision",
    "Upload",
    "Vote",
]
