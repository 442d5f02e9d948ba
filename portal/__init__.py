"""The portal. Its version is said in ``pyproject.toml`` alone."""

import tomllib
from pathlib import Path

__version__: str = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]["version"]
