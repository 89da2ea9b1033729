"""Train a whole model by its recipe, or one class more onto a model that stands."""
