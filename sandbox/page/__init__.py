"""The browser page of the emulated workspace: shows its state, passes on what people do."""
