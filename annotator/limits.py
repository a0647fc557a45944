"""Every limit in one place; `/api/v1/me` tells them. Bytes are UTF-8 bytes, characters are code points."""

from typing import Final

from annotator.url_key import MAX_ADDRESS_LENGTH

KIB: Final = 1024

BODY_BYTES: Final = 1024 * KIB
SNAPSHOT_BODY_BYTES: Final = 4 * 1024 * KIB
BATCH_BODY_BYTES: Final = 4 * 1024 * KIB
BATCH_ITEMS: Final = 100
DEPTH: Final = 32
# Integers above this are not the same number in JavaScript (ECMA-262, Number.MAX_SAFE_INTEGER).
INTEGER: Final = 2**53 - 1

NOTE_BYTES: Final = 64 * KIB
QUOTE_BYTES: Final = 32 * KIB
CONTEXT_CHARACTERS: Final = 200  # prefix and suffix; ours have 32, other clients' may be longer
TAGS: Final = 100
TAG_CHARACTERS: Final = 100
URL_CHARACTERS: Final = MAX_ADDRESS_LENGTH
PARAGRAPHS: Final = 20_000
# A paragraph's index and a code point's offset; both fit every database's 32-bit integer.
POSITION: Final = 2**31 - 1
ANCHORS: Final = 1_000
SEARCH_CHARACTERS: Final = 200

PAGE: Final = 50
PAGE_MOST: Final = 200
FEED_PAGE: Final = 200
FEED_PAGE_MOST: Final = 1_000

# What a page says about itself is cut to these, in characters, rather than refused: a strange page has
# readers too.
TITLE_CHARACTERS: Final = 2_000
SITE_NAME_CHARACTERS: Final = 300
BYLINE_CHARACTERS: Final = 500
PUBLISHED_CHARACTERS: Final = 64
LANGUAGE_CHARACTERS: Final = 35
EXTRACTOR_CHARACTERS: Final = 40

TOLD: Final[dict[str, int]] = {
    "body_bytes": BODY_BYTES,
    "snapshot_body_bytes": SNAPSHOT_BODY_BYTES,
    "batch_body_bytes": BATCH_BODY_BYTES,
    "batch_items": BATCH_ITEMS,
    "depth": DEPTH,
    "note_bytes": NOTE_BYTES,
    "quote_bytes": QUOTE_BYTES,
    "context_characters": CONTEXT_CHARACTERS,
    "tags": TAGS,
    "tag_characters": TAG_CHARACTERS,
    "url_characters": URL_CHARACTERS,
    "paragraphs": PARAGRAPHS,
    "anchors": ANCHORS,
    "search_characters": SEARCH_CHARACTERS,
    "page": PAGE_MOST,
    "feed_page": FEED_PAGE_MOST,
}
