"""The generation cache: key to response, kept for ever; nothing is decoded or counted here."""
