"""The one app of the project."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Annotator(AppConfig):
    """Annotator: highlights and notes anchored to article paragraphs."""

    name = "annotator"
    verbose_name = _("Annotator")
