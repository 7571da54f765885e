"""Whatever is in a file, its parser reads it or says in one line what is wrong: `make fuzz` tries for longer."""
