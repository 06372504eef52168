"""The OCOP pipeline: from the files that districts and sellers send to the province's scorecard."""
