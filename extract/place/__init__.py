"""Names of places, and whose a figure is."""
