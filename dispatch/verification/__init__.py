"""Judge whether a handled problem is repaired, from who looked at the ground since and how well."""
