"""Make the package of a trained model: what is fitted, what may file, what its card states."""
