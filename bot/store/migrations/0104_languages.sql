-- The language of the page on which an organization asked to sign, or an address was typed: mails follow in it.
ALTER TABLE ally_request ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
ALTER TABLE subscriber ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
