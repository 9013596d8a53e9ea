"""What is done with the press list: pitches, embargoes, inquiries."""
