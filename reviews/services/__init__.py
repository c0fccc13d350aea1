"""Everything that writes members' words: each function is one transaction and leaves the movie's rating exact.

Lock order, everywhere: reviews by their keys, then the movie.
"""

from reviews.services.accounts import close_account, export_account, merge_accounts
from reviews.services.guests import claim_reviews, confirm_guest_review, send_guest_review
from reviews.services.moderation import Verdict, decide, decide_about_member, report_review, undo
from reviews.services.ratings import recount_ratings, settle_early
from reviews.services.uploads import choose_movies, keep_upload, publish_ratings
from reviews.services.votes import recount_votes, vote
from reviews.services.writing import delete_review, discard_draft, publish_review, save_draft, withdraw_review

__all__ = [
    "Verdict",
    "choose_movies",
    "claim_reviews",
    "close_account",
    "confirm_guest_review",
    "decide",
    "decide_about_member",
    "delete_review",
    "discard_draft",
    "export_account",
    "keep_upload",
    "merge_accounts",
    "publish_ratings",
    "publish_review",
    "recount_ratings",
    "recount_votes",
    "report_review",
    "save_draft",
    "send_guest_review",
    "settle_early",
    "undo",
    "vote",
    "withdraw_review",
]
