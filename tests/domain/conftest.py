"""What the domain's tests share: the packaged categories."""

import pytest

from domain.categories import Catalog, load_catalog


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()
