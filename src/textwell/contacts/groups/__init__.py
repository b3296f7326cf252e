"""Lists and tags of many people at once."""
