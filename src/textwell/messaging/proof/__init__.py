"""The proof of a decision at hand-off: how it is written, signed as a tree, and checked. Pure."""
