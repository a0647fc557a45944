"""Real browsers with the extension loaded, behind one interface: see `interface.py`."""
