from django.contrib import admin

from reviews.models import BlockedDomain, HeldWord


@admin.register(HeldWord)
class HeldWordAdmin(admin.ModelAdmin):
    """Words that have a review looked at first."""

    list_display = ["text", "note"]
    search_fields = ["text"]


@admin.register(BlockedDomain)
class BlockedDomainAdmin(admin.ModelAdmin):
    """Domains from whose addresses nobody signs up."""

    list_display = ["domain", "note"]
    search_fields = ["domain"]
