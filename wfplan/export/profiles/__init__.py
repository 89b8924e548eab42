"""Mapping profiles: systems that take plain records, by a TOML file each."""
