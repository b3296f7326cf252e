"""One folder per kind of gateway, found by folder: see `gateways.registry`."""
