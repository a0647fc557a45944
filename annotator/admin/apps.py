"""The review desk in the place of Django's stock admin."""

from importlib import import_module

from django.contrib.admin.apps import AdminConfig


class ReviewDesk(AdminConfig):
    """`django.contrib.admin`, with our own site as the default one."""

    default_site = "annotator.admin.desk.Desk"

    def ready(self) -> None:
        """Autodiscovery finds this package imported already, before there were models; so it is told here."""
        super().ready()
        import_module("annotator.admin.pages")
