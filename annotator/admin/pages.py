"""Which pages the desk has. Importing a page's module puts it on the desk."""
