"""Training pictures and network of the model that finds faces and plates to be covered."""
