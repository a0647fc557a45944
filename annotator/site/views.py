"""The pages for everybody: the own articles, an article with its highlights, and how to connect a browser."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

import annotator
from annotator import reading
from annotator.models import Annotation, Document, Event, Library, User
from annotator.models.annotations import Motivation
from annotator.models.events import Kind

PAGE = 30  # articles on a page of the list


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The signed-in user's articles, the newest activity first; to others, what this is and where to sign in.

    `?before=TIME~ID` continues after the last article of the page before.
    """
    if not isinstance(request.user, User):
        return render(request, "site/welcome.html")
    found = list(articles(request.user, request.GET.get("before", ""))[: PAGE + 1])
    shown = found[:PAGE]
    older = f"{shown[-1].updated.isoformat()}~{shown[-1].pk}" if len(found) > PAGE else ""
    context = {
        "articles": shown,
        "older": older,
        "demo": settings.DEMO,
        "openings": openings(request.user),
    }
    return render(request, "site/home.html", context)


def openings(user: User) -> "QuerySet[Event]":
    """The times that a superuser opened the user's own library: never without the user's knowing."""
    opened = Event.objects.filter(library__personal_of=user, verb="open", kind=Kind.LIBRARY)
    return opened.select_related("actor").order_by("-created")[:5]


def articles(user: User, before: str) -> "QuerySet[Document]":
    """What the user may see of the libraries' articles, with `highlights` counted; a bad `before` is none."""
    visible = Annotation.objects.alive().shown_to(user).exclude(motivation=Motivation.REPLYING)
    documents = (
        Document.objects.in_libraries(Library.objects.visible_to(user))
        .select_related("library")
        .annotate(highlights=Count("annotations", filter=Q(annotations__in=visible), distinct=True))
        .order_by("-updated", "-pk")
    )
    if (place := after(before)) is None:
        return documents
    updated, key = place
    return documents.filter(Q(updated__lt=updated) | Q(updated=updated, pk__lt=key))


def after(before: str) -> tuple[datetime, UUID] | None:
    """The place in the list that a link of ours names, or None for anything else."""
    updated, _, key = before.partition("~")
    try:
        time = parse_datetime(updated)
        return (time, UUID(key)) if time is not None and time.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


@require_safe
@login_required
def article(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A text of an article, the latest if none is named. 404 outside the user's libraries."""
    assert isinstance(request.user, User)
    visible = Document.objects.in_libraries(Library.objects.visible_to(request.user))
    document = get_object_or_404(visible.select_related("library"), pk=pk)
    asked = request.GET.get("snapshot", ""), request.GET.get("against", "")
    context = {"document": document, "article": reading.article_of(document, request.user, *asked)}
    return render(request, "site/article.html", context)


@require_safe
def connect(request: HttpRequest) -> HttpResponse:
    """How to load the extension and point it at this server."""
    address = settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"
    return render(request, "site/connect.html", {"address": address, "version": annotator.__version__})


@require_safe
def connected(request: HttpRequest) -> HttpResponse:
    """Said at the end of a sign-in of the extension."""
    return render(request, "site/connected.html")
