"""The ground of a city: places with their errors, grids, areas, zones, boundaries, tours."""
