"""What tests of the recipe share: its folder on the path, and the data and the trainer of a smoke run."""

import pytest

from tests.recipes.place import RECIPE


@pytest.fixture(scope="package", autouse=True)
def recipe():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(RECIPE))
        yield


@pytest.fixture(scope="package")
def tokenizer(recipe):
    from data import vocabulary
    from settings import SMOKE

    return vocabulary(SMOKE)


@pytest.fixture(scope="package")
def rows(tokenizer):
    from data import generate
    from settings import SMOKE

    return generate(SMOKE, tokenizer, processes=1)


@pytest.fixture
def trainer(tokenizer, rows):
    from settings import SMOKE
    from trainer import Trainer

    return Trainer(SMOKE, tokenizer, rows, "cpu")
