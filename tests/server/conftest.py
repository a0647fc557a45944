"""The three personas, and a library that they share."""

from __future__ import annotations

import pytest

from annotator.models.libraries import Library, Role
from tests.server.people import Person, joins, person


@pytest.fixture
def ada(db: None) -> Person:
    """The owner."""
    return person("ada")


@pytest.fixture
def stranger(db: None) -> Person:
    """Somebody with an account and nothing to do with Ada."""
    return person("stranger")


@pytest.fixture
def group(ada: Person) -> Library:
    """A library that Ada owns and others join."""
    library = Library.objects.create(name="Desk")
    joins(ada, library, Role.OWNER)
    return library


@pytest.fixture
def reader(group: Library) -> Person:
    return joins(person("rita"), group, Role.READER)


@pytest.fixture
def editor(group: Library) -> Person:
    return joins(person("ed"), group, Role.EDITOR)


@pytest.fixture
def reviewer(group: Library) -> Person:
    return joins(person("rev"), group, Role.REVIEWER)
