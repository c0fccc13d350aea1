"""What a password may not hold."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError


class SiteNameValidator:
    """Refuses the words of the site's name: whoever guesses tries them first."""

    def validate(self, password: str, user: Any = None) -> None:
        words = [word for word in re.findall(r"\w+", settings.SITE_NAME.casefold()) if len(word) > 3]
        if found := next((word for word in words if word in password.casefold()), ""):
            raise ValidationError(f"“{found}” is too easily guessed here. Choose a password without it.")

    def get_help_text(self) -> str:
        return "Your password holds no word of the site's name."
