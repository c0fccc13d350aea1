"""Addresses of single reviews, of members and of their own pages."""

from django.urls import path

from reviews import views
from reviews.feeds import LatestFeed, MemberFeed

urlpatterns = [
    # /reviews/<pk>/
    path("reviews/<int:pk>/", views.review_detail, name="review_detail"),
    path("reviews/<int:pk>/history/", views.review_history, name="review_history"),
    path("reviews/<int:pk>/report/", views.review_report, name="review_report"),
    path("reviews/<int:pk>/vote/", views.review_vote, name="review_vote"),
    path("reviews/confirm/<str:token>/", views.guest_confirm, name="guest_confirm"),
    path("feeds/reviews/", LatestFeed(), name="latest_feed"),
    # /members/<username>/
    path("members/<str:username>/", views.member_detail, name="member_detail"),
    path("members/<str:username>/feed/", MemberFeed(), name="member_feed"),
    # /accounts/
    path("accounts/reviews/", views.my_reviews, name="my_reviews"),
    path("accounts/reviews/claim/", views.claim, name="claim"),
    path("accounts/import/", views.upload_form, name="upload_form"),
    path("accounts/profile/", views.profile_form, name="profile_form"),
    path("accounts/export/", views.account_export, name="account_export"),
    path("accounts/close/", views.account_close, name="account_close"),
]
