"""The moderators' desk."""

from reviews.admin import waiting
from reviews.admin.log import DecisionAdmin, ReportAdmin
from reviews.admin.members import MemberAdmin
from reviews.admin.reviews import ReviewAdmin
from reviews.admin.rules import BlockedDomainAdmin, HeldWordAdmin
from reviews.admin.second_factor import AuthenticatorAdmin

__all__ = [
    "AuthenticatorAdmin",
    "BlockedDomainAdmin",
    "DecisionAdmin",
    "HeldWordAdmin",
    "MemberAdmin",
    "ReportAdmin",
    "ReviewAdmin",
    "waiting",
]
