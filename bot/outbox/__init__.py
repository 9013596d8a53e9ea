"""The promise that nothing is lost and nothing is said twice."""
