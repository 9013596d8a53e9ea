-- The first text of each letter is what its template rendered, from facts that were not stored.
INSERT INTO letter_rendering (letter_id, version, facts, texts)
SELECT letter_id, version, NULL, texts FROM letter_version WHERE version = 1;
