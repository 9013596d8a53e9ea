-- The audit names a story by its number: its headline may be withheld later.
UPDATE audit SET subject = substr(subject, 1, length(subject) - length(ltrim(subject, 'S-0123456789')))
WHERE command LIKE 'mentions %' AND subject LIKE 'S-% %';
