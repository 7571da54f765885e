"""What pyproject.toml cannot say: `recipes/` is in the wheel as hexcli/recipes, and stays where it is."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["hexcli*"]), "hexcli.recipes"],
    package_dir={"hexcli.recipes": "recipes"},
    package_data={
        "hexcli": ["py.typed", "__init__.pyi"],
        "hexcli.models": ["tiny/*", "tiny-prompts/*"],
        "hexcli.report.page": ["assets/*", "vendor/*"],
        "hexcli.recipes": ["*.yaml", "README.md", "custom/*"],
    },
    include_package_data=False,
)
