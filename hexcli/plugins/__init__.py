"""Code of others: aggregators, tasks and families from files that a user names, and from installed packages."""
