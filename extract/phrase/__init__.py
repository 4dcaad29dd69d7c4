"""What a figure measures: candidates, the learned chooser, bases, canonical indicators."""
