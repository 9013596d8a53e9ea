"""The directory of Congress: members, committees and their addresses, and how it is kept current."""
