"""What is published about us and our asks: mentions and their stories, the press list, inquiries, clip reports."""
