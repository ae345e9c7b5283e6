-- A note and what it is about belong together, whatever that is.
CREATE OR REPLACE FUNCTION note_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.written_by_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a note is written by the person who acts', v); END IF;
    SELECT n.id INTO v FROM written_rows n
    LEFT JOIN savings_entry e ON e.id = n.entry_id LEFT JOIN savings_scheme s ON s.id = n.scheme_id
    LEFT JOIN savings_charge h ON h.id = n.charge_id LEFT JOIN partnerships_businesscase b ON b.id = n.case_id
    LEFT JOIN savings_document d ON d.id = n.document_id LEFT JOIN savings_indicator i ON i.id = n.indicator_id
    LEFT JOIN savings_confirmationrequest r ON r.id = n.confirmation_id
    WHERE coalesce(e.partnership_id, s.partnership_id, h.partnership_id, b.partnership_id, d.partnership_id,
                   i.partnership_id, r.partnership_id, n.partnership_id) <> n.partnership_id
       OR n.quarter IS NOT NULL AND (extract(day FROM n.quarter) <> 1 OR extract(month FROM n.quarter) NOT IN (1, 4, 7, 10)
            OR NOT EXISTS (SELECT 1 FROM partnerships_membership m WHERE m.partnership_id = n.partnership_id
                           AND m.council_id = n.quarter_of_id))
       OR NOT EXISTS (SELECT 1 FROM partnerships_membership m WHERE m.partnership_id = n.partnership_id
                      AND m.council_id = n.council_id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a note and what it is about belong to one partnership of the council', v); END IF;
    SELECT n.id INTO v FROM written_rows n LEFT JOIN savings_note b ON b.id = n.replaces_id
        AND (b.partnership_id, b.council_id, b.about) = (n.partnership_id, n.council_id, n.about)
        AND (b.entry_id, b.scheme_id, b.charge_id, b.case_id, b.document_id, b.indicator_id, b.confirmation_id, b.quarter,
             b.quarter_of_id) IS NOT DISTINCT FROM
            (n.entry_id, n.scheme_id, n.charge_id, n.case_id, n.document_id, n.indicator_id, n.confirmation_id, n.quarter,
             n.quarter_of_id)
    WHERE n.replaces_id IS NOT NULL AND b.id IS NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a note replaces one of the same council about the same thing', v); END IF;
    RETURN NULL;
END $$;

-- a document's notes go with the document
ALTER POLICY sight ON savings_note USING ((SELECT sees_all_years())
    OR council_id = ANY ((SELECT scope_ids('councils'))::bigint[])
    OR CASE WHEN entry_id IS NOT NULL THEN sees_entry(entry_id)
        WHEN document_id IS NOT NULL THEN sees_document(partnership_id, document_id, act_id)
        WHEN quarter IS NOT NULL THEN sees_year(partnership_id, financial_year(quarter))
        ELSE sees_act(partnership_id, act_id) END);
