"""The press list: reporters, outlets, and who may not be in it again."""
