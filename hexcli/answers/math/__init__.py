"""What a mathematical answer is: its text in tokens, a typed tree of all of it, and exact normal forms of the tree."""
