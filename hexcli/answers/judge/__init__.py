"""Whether two expressions are equal where exact arithmetic does not tell: asked of sympy in processes that can be killed."""
