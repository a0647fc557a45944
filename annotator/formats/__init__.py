"""One file for each format that annotations are written in."""
