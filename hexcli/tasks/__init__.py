"""The benchmarks, one file a task; how answers are read and compared is in `answers`."""
