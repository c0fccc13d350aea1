"""Pages of reviews and members. HTTP only."""

from reviews.views.account import account_close, account_export, claim, my_reviews, profile_form
from reviews.views.guests import guest_confirm
from reviews.views.members import member_detail
from reviews.views.reviews import review_detail, review_history, review_list
from reviews.views.uploads import upload_form
from reviews.views.writing import review_delete, review_form, review_report, review_vote

__all__ = [
    "account_close",
    "account_export",
    "claim",
    "guest_confirm",
    "member_detail",
    "my_reviews",
    "profile_form",
    "review_delete",
    "review_detail",
    "review_form",
    "review_history",
    "review_list",
    "review_report",
    "review_vote",
    "upload_form",
]
