"""What a run's votes show: the data behind every figure, as plain records; nothing is drawn here."""
