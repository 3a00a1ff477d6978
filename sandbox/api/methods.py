"""Every method of the Web API by its name."""

from sandbox.api import apps, chat, conversations, users, views
from sandbox.api.call import Method

METHODS: dict[str, Method] = {
    method.name: method
    for module in (apps, chat, conversations, users, views)
    for method in module.METHODS
}
