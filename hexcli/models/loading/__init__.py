"""A checkpoint's weights become a network on a device; no token is chosen here."""
