"""A campaign's inputs as a file, and what comes of them on any machine: the same, by their digests."""
