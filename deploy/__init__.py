"""How the site is run; docs/deploying.md."""
