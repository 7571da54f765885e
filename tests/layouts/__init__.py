"""What published checkpoints look like, written down from them and not taken from the code that reads them."""
