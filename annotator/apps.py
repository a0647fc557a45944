"""The one app of the project."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class Annotator(AppConfig):
    """Annotator: highlights and notes anchored to article paragraphs."""

    name = "annotator"
    verbose_name = _("Annotator")

    def ready(self) -> None:
        """At every `migrate` the extension's OAuth client follows the settings, and the index the texts.

        At every connection a SQLite that would be weaker than asked for is refused.
        """
        # These need the models, which are not there at import.
        from annotator.durability import refuse_weak_sqlite
        from annotator.oauth.client import ensure_client
        from annotator.search.index import follow_deletes
        from annotator.services.indexing import index_what_is_missing

        connection_created.connect(refuse_weak_sqlite, dispatch_uid="annotator.durability")
        post_migrate.connect(ensure_client, dispatch_uid="annotator.oauth.ensure_client")
        post_migrate.connect(index_what_is_missing, dispatch_uid="annotator.services.indexing")
        follow_deletes()
