"""What is posted where and when: routes, threads, digests, quiet hours."""
