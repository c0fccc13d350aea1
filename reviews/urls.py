"""Addresses below a movie's own: /movies/<pk>/<slug>/reviews/..."""

from django.urls import path

from reviews import views
from reviews.feeds import MovieFeed

app_name = "reviews"
urlpatterns = [
    path("", views.review_list, name="review_list"),
    path("feed/", MovieFeed(), name="review_feed"),
    path("write/", views.review_form, name="review_form"),
    path("delete/", views.review_delete, name="review_delete"),
]
