"""Annotator: highlights and notes anchored to article paragraphs."""

__version__ = "0.1.0"

# The REST API's version, and the oldest extension that can speak to it.
API_VERSION = "1.0"
OLDEST_EXTENSION = "0.1.0"

# The ids that this source tree builds: Chromium's (from the manifest's `key`) and Firefox's.
EXTENSION_IDS = ("innbhmojjfokfaiakbfibjdgbfgolcom", "extension@annotator")
