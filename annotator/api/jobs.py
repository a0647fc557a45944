"""`jobs/{id}`: how far long work is, and its next piece."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.base import READING, WRITING, caller, refusals
from annotator.api.represent import Json, moment
from annotator.errors import NotThere
from annotator.models.events import Job
from annotator.models.libraries import Library
from annotator.services.jobs import advance, cancel


class JobShape(serializers.Serializer[object]):
    """`done` of `total` rows were looked at; `result` counts what became of them."""

    id = serializers.UUIDField()
    library = serializers.UUIDField()
    work = serializers.CharField()
    status = serializers.ChoiceField(Job.Status.choices)
    done = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True)
    result = serializers.DictField(allow_null=True)
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()


class JobView(APIView):
    """One's own job."""

    @extend_schema(operation_id="read_job", responses={200: JobShape, **refusals(*READING)})
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """Read how far a job is."""
        mine = Job.objects.filter(library__in=Library.objects.visible_to(caller(request)))
        job = mine.filter(pk=id, user=caller(request)).first()
        if job is None:
            raise NotThere
        return Response(told(job))

    @extend_schema(
        operation_id="go_on_with_job", request=None, responses={200: JobShape, **refusals(*WRITING)}
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Do a job's next piece, about 0.2 s of work. Ask until `status` is neither waiting nor running."""
        return Response(told(advance(job_id=id, actor=caller(request))))

    @extend_schema(operation_id="stop_job", responses={200: JobShape, **refusals(*READING)})
    def delete(self, request: Request, id: uuid.UUID) -> Response:
        """Stop a job. What it did stays."""
        return Response(told(cancel(job_id=id, actor=caller(request))))


def told(job: Job) -> Json:
    """A job as JSON."""
    return {
        "id": str(job.pk),
        "library": str(job.library_id),
        "work": job.parameters.get("deed", job.work) if job.work == "deed" else job.work,
        "status": job.status,
        "done": job.done,
        "total": job.total,
        "result": job.result,
        "created": moment(job.created),
        "updated": moment(job.updated),
    }
