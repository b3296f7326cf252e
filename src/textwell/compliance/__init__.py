"""Law and carrier rules as data: dated rule packs by jurisdiction, and the pure judge that applies them."""
