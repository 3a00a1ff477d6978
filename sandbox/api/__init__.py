"""The Web API that the emulated workspace answers."""
