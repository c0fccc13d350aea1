"""The score of MDN's HTTP Observatory, computed here: the site with production settings, its pages, the rules."""
