"""What ends a command early, and how it is told."""

INTERRUPTED = 130
ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
