"""What decoding costs, beside the published loop on the same machine; no decode loop of our own is here."""
