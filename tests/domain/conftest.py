"""What the domain's tests share: the packaged categories."""

import pytest
from hypothesis import settings

from domain.categories import Catalog, load_catalog

# The first fuzzy match and the first calendar import a library: no example is slow by itself.
settings.register_profile("domain", deadline=None)
settings.load_profile("domain")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()
