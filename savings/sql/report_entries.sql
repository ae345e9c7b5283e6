-- One row per entry of one partnership, of every series, banked first, in the order of the printed report.
-- A reversal has the grade of what it reverses. Decisions: the latest one of the entry itself.
-- Documents: those in force, by digest, in order of attachment. Projected amounts count when the version they were
-- posted under is the highest that the member has approved. Decisions and documents are looked up entry by entry: just
-- after a large upload the planner knows nothing of it yet, and any other plan can take minutes.
WITH in_force AS (
    SELECT DISTINCT ON (a.council_id) a.council_id, a.case_id
    FROM partnerships_approval a JOIN partnerships_businesscase c ON c.id = a.case_id
    WHERE a.partnership_id = %(partnership)s
    ORDER BY a.council_id, c.version DESC
)
SELECT e.id, e.public_id, c.id, c.code, c.short_name, s.id, s.reference, s.title, e.series, e.kind,
       coalesce(e.benefit_class, ''), e.recurrence, e.year, e.month, e.amount_pence, e.price_base, e.adjustment,
       e.note, e.ledger_code, e.document_ref, coalesce(e.external_key, ''), e.funded_by,
       b.version, e.series <> 'projected' OR f.case_id IS NOT NULL,
       coalesce(t.grade, 0), coalesce(t.disputed, false) AND e.reverses_id IS NULL,
       coalesce(decided.outcome, ''), coalesce(decided.by_whom, ''), decided.decided_at, coalesce(decided.reason, ''),
       recorder.name, e.recorded_at, original.public_id, reversal.public_id,
       coalesce(proof.ids, '{}'), coalesce(proof.digests, '{}')
FROM savings_entry e
JOIN councils_council c ON c.id = e.council_id
JOIN savings_scheme s ON s.id = e.scheme_id
JOIN councils_person recorder ON recorder.id = e.recorded_by_id
LEFT JOIN partnerships_businesscase b ON b.id = e.business_case_id
LEFT JOIN in_force f ON f.council_id = e.council_id AND f.case_id = e.business_case_id
LEFT JOIN savings_entrystate t ON t.entry_id = coalesce(e.reverses_id, e.id)
LEFT JOIN LATERAL (
    SELECT d.outcome, p.name AS by_whom, d.decided_at, d.reason
    FROM savings_decision d JOIN councils_person p ON p.id = d.decided_by_id
    WHERE d.entry_id = e.id ORDER BY d.id DESC LIMIT 1) decided ON true
LEFT JOIN savings_entry original ON original.id = e.reverses_id
LEFT JOIN savings_entry reversal ON reversal.reverses_id = e.id
LEFT JOIN LATERAL (
    SELECT array_agg(d.id ORDER BY u.id) AS ids, array_agg(d.sha256 ORDER BY u.id) AS digests
    FROM savings_support u JOIN savings_document d ON d.id = u.document_id
    WHERE u.entry_id = e.id AND u.withdraws_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM savings_support w WHERE w.withdraws_id = u.id)) proof ON true
WHERE e.partnership_id = %(partnership)s
ORDER BY array_position(ARRAY['banked', 'forecast', 'projected'], e.series), e.year, c.name, c.id, s.reference,
         e.month NULLS FIRST, e.id
