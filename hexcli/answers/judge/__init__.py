"""Whether expressions are equal where exact arithmetic does not tell: sympy, in processes that can be killed."""
