"""What becomes of a test when a server or browser that it needs is not on this machine."""

import os
from typing import NoReturn

import pytest


def everything_required() -> bool:
    """True in CI, where a skipped test would be a gap that nobody sees."""
    return os.environ.get("PRODOPS_REQUIRE_ALL") == "1"


def missing(part: str) -> NoReturn:
    """Skip the test, naming the missing part; under PRODOPS_REQUIRE_ALL=1 fail it."""
    if everything_required():
        pytest.fail(f"{part}; PRODOPS_REQUIRE_ALL=1 allows no skips", pytrace=False)
    pytest.skip(part)
