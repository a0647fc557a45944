"""`manage.py runjobs`: go on with jobs that nobody is waiting for."""

from django.core.management.base import BaseCommand

from annotator.models.events import Job
from annotator.services.jobs import OPEN, advance


class Command(BaseCommand):
    help = "Finishes every job that was begun and not ended."

    def handle(self, *args: object, **options: object) -> None:
        """May run beside the server, and be stopped at any time."""
        for job in Job.objects.filter(status__in=OPEN).select_related("user").order_by("created"):
            while job.status in OPEN:
                job = advance(job_id=job.pk, actor=job.user)
            self.stdout.write(f"{job.work} {job.pk}: {job.status}, {job.done} of {job.total}")
