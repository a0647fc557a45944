"""Attempts to get in, counted for a while."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attempt(models.Model):
    """How often somebody tried one door since `started`.

    `key` is a keyed digest of the door and of the account or address: neither can be read from it. A row is
    deleted when its window is over. One of the few tables without a library: nobody is signed in yet.
    """

    key = models.CharField(max_length=64, unique=True, editable=False)
    count = models.PositiveIntegerField(_("count"))
    started = models.DateTimeField(_("started"), db_index=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")

    def __str__(self) -> str:
        return str(self.count)
