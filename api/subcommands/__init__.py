"""What `xunhuan` can be told besides serving: profiles, catalogues, registry, models, keeping."""
