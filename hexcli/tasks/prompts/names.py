"""What the wordings that come with every task are called."""

REASONING, PLAIN, ANSWER = NAMES = ("reasoning", "plain", "answer")
