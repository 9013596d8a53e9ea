"""What holds a letter before its next step: facts that changed, statements without a source."""
