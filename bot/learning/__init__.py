"""What people's answers teach: which entries to show next, and which query to propose. It never posts an alert."""
