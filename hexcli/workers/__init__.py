"""Who decodes: one process or several, on this machine or on a Ray cluster; rows go in, canvases come out."""
