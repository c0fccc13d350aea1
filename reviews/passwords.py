"""What a password may not hold, and how the forms say so: a list of short sentences below the field."""

import re
from typing import Any

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError


class LengthValidator(password_validation.MinimumLengthValidator):
    def get_help_text(self) -> str:
        return f"At least {self.min_length} characters, of any kind."


class SimilarityValidator(password_validation.UserAttributeSimilarityValidator):
    def get_help_text(self) -> str:
        return "Not like your name or your address."


class CommonValidator(password_validation.CommonPasswordValidator):
    def get_help_text(self) -> str:
        return "None that many people use."


class SiteNameValidator:
    """Refuses the words of the site's name: whoever guesses tries them first."""

    def validate(self, password: str, user: Any = None) -> None:
        words = [word for word in re.findall(r"\w+", settings.SITE_NAME.casefold()) if len(word) > 3]
        if found := next((word for word in words if word in password.casefold()), ""):
            raise ValidationError(f"“{found}” is too easily guessed here. Choose a password without it.")

    def get_help_text(self) -> str:
        return "No word of this site’s name."
