UPDATE signature SET evidence_kind = 'email' WHERE evidence_kind = 'e-mail';
UPDATE signature SET evidence_kind = 'reply by email' WHERE evidence_kind = 'reply by mail';
UPDATE letter_mail SET how = 'email' WHERE how = 'e-mail';
