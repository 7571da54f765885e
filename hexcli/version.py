"""Which hexcli this is: what runs, workers and pages write down. Low enough that no wing asks the package's face."""

VERSION = "0.2.0"
