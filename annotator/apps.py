"""The one app of the project."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class Annotator(AppConfig):
    """Annotator: highlights and notes anchored to article paragraphs."""

    name = "annotator"
    verbose_name = _("Annotator")

    def ready(self) -> None:
        """The extension's OAuth client follows the settings at every `migrate`."""
        from annotator.oauth.client import ensure_client  # needs the models, which are not there at import

        post_migrate.connect(ensure_client, dispatch_uid="annotator.oauth.ensure_client")
