"""Who a letter goes to."""
