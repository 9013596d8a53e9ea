-- Members see no text that was not opened to them: of the texts before `opened_at` those that an organization
-- decided on, and the last of each letter that is open or was locked. Nobody had asked how a signature was given.
-- Representatives could type any name: what is not locked goes out under the name that the coalition knows.
UPDATE letter_version SET opened_at = written_at
WHERE EXISTS (SELECT 1 FROM signature AS s
              WHERE s.letter_id = letter_version.letter_id AND s.digest = letter_version.digest)
   OR (version = (SELECT MAX(last.version) FROM letter_version AS last
                  WHERE last.letter_id = letter_version.letter_id)
       AND EXISTS (SELECT 1 FROM letter AS l WHERE l.id = letter_version.letter_id
                   AND l.state IN ('open for sign-on', 'locked', 'sent', 'answered', 'closed')));
UPDATE signature SET evidence_kind = 'not stated' WHERE evidence <> '';
UPDATE signature SET legal_name = ''
WHERE substr(organisation, 1, 5) <> 'ally:'
  AND EXISTS (SELECT 1 FROM letter AS l WHERE l.id = signature.letter_id AND l.locked_at IS NULL);
