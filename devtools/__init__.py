"""What `dev.py` does, one file per deed. Standard library only: it runs before anything is installed."""
