"""Django's rule for the length of a password, in a sentence that the catalogue knows."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("This password is too short; it needs %(least)d characters or more.") % {
            "least": self.min_length
        }
