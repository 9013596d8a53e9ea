"""What anyone may see and do on the web, without an account."""
