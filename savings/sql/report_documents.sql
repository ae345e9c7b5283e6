-- One row per document of one partnership: what it is, who uploaded it and when, and the entries it supports or supported.
SELECT d.id, d.title, d.file_name, d.media_type, d.size_bytes, d.sha256, d.exempt, c.short_name, p.name, d.uploaded_at,
       coalesce(array_agg(u.entry_id ORDER BY u.entry_id) FILTER (WHERE u.id IS NOT NULL AND w.id IS NULL), '{}'),
       coalesce(array_agg(u.entry_id ORDER BY u.entry_id) FILTER (WHERE w.id IS NOT NULL), '{}')
FROM savings_document d
JOIN councils_council c ON c.id = d.council_id
JOIN councils_person p ON p.id = d.uploaded_by_id
LEFT JOIN savings_support u ON u.document_id = d.id AND u.withdraws_id IS NULL
LEFT JOIN savings_support w ON w.withdraws_id = u.id
WHERE d.partnership_id = %(partnership)s
GROUP BY d.id, c.short_name, p.name
ORDER BY d.uploaded_at, d.id
