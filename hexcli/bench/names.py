"""The names that `hex bench` chooses from, readable without torch; a test holds them to the registries they are of."""

MODES = (
    *("published", "published-unpadded", "published-llada"),
    *("lossless", "until-decided", "fast", "fast-until-decided", "fast-float8"),
    *("parallel", "parallel-until-decided"),
    *("open", "open-until-decided", "open-float8", "likely", "likely-until-decided"),
)
SHAPES = ("llada-8b", "dream-7b", "13b", "70b", "llada-moe", "llada2-mini", "sdar-8b")
