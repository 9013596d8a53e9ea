-- Watches, sources and bills changed in chat are versions of their sections, as settings are.
INSERT INTO setting_change (version, kind, name, effect, body, changed_at, changed_by)
SELECT (SELECT COALESCE(MAX(version), 0) FROM setting_change)
           + ROW_NUMBER() OVER (ORDER BY changed_at, kind, name),
       kind, name, CASE WHEN body IS NULL THEN 'removed' ELSE 'set' END, body, changed_at, changed_by
FROM overlay WHERE kind IN ('watch', 'source', 'bill') AND (body IS NOT NULL OR muted_until IS NULL);
DELETE FROM overlay WHERE kind IN ('watch removed', 'source removed', 'bill removed')
    OR (kind IN ('watch', 'source', 'bill') AND muted_until IS NULL);
UPDATE overlay SET body = NULL WHERE kind = 'watch';
