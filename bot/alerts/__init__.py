"""What is said where and when: routes, threads, digests, quiet hours."""
