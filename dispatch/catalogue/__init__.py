"""The catalogue: classes of components and matters, their codes, the components of the registry."""
