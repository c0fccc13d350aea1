"""The moderators' desk."""

from reviews.admin.log import DecisionAdmin, ReportAdmin
from reviews.admin.members import MemberAdmin
from reviews.admin.reviews import ReviewAdmin
from reviews.admin.rules import BlockedDomainAdmin, HeldWordAdmin

__all__ = ["BlockedDomainAdmin", "DecisionAdmin", "HeldWordAdmin", "MemberAdmin", "ReportAdmin", "ReviewAdmin"]
