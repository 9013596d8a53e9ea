"""Web pages without a feed, and what a page says about itself."""
