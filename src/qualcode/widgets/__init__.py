"""The only room that knows Jupyter."""
