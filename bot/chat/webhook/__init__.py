"""Mail: cards as messages to people, by a relay; replies, bounces and unsubscribes from a mailbox."""
