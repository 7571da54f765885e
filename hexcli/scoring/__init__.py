"""From votes to the rows that `hex vote` and `hex score` report; nothing is formatted here."""
