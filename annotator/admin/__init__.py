"""The review desk: one file for each page of it."""
