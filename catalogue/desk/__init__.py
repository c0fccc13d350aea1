"""Imports from the desk: files that editors upload, the plan they look at, and the work in the background."""
