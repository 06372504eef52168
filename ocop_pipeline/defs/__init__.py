"""Dagster objects: resources, assets, jobs, schedules and sensors. One kind per module; the work is done elsewhere."""
