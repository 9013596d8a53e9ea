"""What binds, and until when: comment windows, statutory duties and their clocks, the claims we may make."""
