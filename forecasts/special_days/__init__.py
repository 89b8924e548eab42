"""Days that are not ordinary, and what they do to the volume."""
