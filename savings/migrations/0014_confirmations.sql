-- What the other members confirm (DESIGN 10.23), and who may end a dispute. Nothing here believes what a row says of
-- itself: the lines of a request are written by PostgreSQL from the ledger, and whoever answers is looked up again.

CREATE FUNCTION held_role(p_person bigint, p_council bigint, p_whats text[], p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
-- Whether the person held one of these roles for the council on the day of that moment.
    SELECT EXISTS (
        SELECT 1 FROM councils_role r
        WHERE r.person_id = p_person AND r.council_id = p_council AND r.what = ANY (p_whats)
          AND r.starts_on <= (p_at AT TIME ZONE 'Europe/London')::date
          AND (r.ends_on IS NULL OR r.ends_on > (p_at AT TIME ZONE 'Europe/London')::date)
          AND NOT EXISTS (SELECT 1 FROM councils_role later WHERE later.replaces_id = r.id))
$$;

CREATE FUNCTION confirming() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
-- The request that a link was opened for; none in anybody else's scope.
    SELECT coalesce(nullif(current_setting('banked.confirming', true), ''), '{}')::bigint[]
$$;

CREATE FUNCTION confirmation_lines(p_partnership bigint, p_council bigint, p_quarter date)
RETURNS TABLE (claimant_id bigint, scheme_id bigint, kind text, benefit_class text, amount_pence bigint, entries bigint[])
LANGUAGE sql STABLE AS $$
-- What the other members have banked for that quarter, a line each; what comes to nothing is no claim.
    SELECT e.council_id, e.scheme_id, e.kind, coalesce(e.benefit_class, ''), sum(e.amount_pence)::bigint,
           array_agg(e.id ORDER BY e.id)
    FROM savings_entry e
    WHERE e.partnership_id = p_partnership AND e.council_id <> p_council AND e.series = 'banked'
      AND e.year = extract(year FROM p_quarter)::int - (extract(month FROM p_quarter) < 4)::int
      AND period_quarter(e.year, e.month) = p_quarter
    GROUP BY e.council_id, e.scheme_id, e.kind, e.benefit_class
    HAVING sum(e.amount_pence) <> 0
    ORDER BY e.council_id, e.scheme_id, e.kind, e.benefit_class
$$;

CREATE FUNCTION confirmation_is_latest(p_request bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM savings_confirmationrequest r JOIN savings_confirmationrequest later
          ON (later.partnership_id, later.council_id, later.quarter) = (r.partnership_id, r.council_id, r.quarter)
        WHERE r.id = p_request AND later.id > r.id)
$$;

-- Contacts -------------------------------------------------------------------------------------------------------------

CREATE FUNCTION contact_person(p_email text, p_name text, p_council bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Who has that address: the person of an account with it, else of a contact with it, else a new person without account.
DECLARE v bigint;
BEGIN
    IF session_user NOT IN ('banked_worker', 'banked_owner') AND NOT p_council = ANY (scope_ids('leads')) THEN
        RAISE EXCEPTION 'contacts are set by the council''s own lead' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT person_id INTO v FROM councils_user WHERE lower(email) = p_email;
    IF NOT FOUND THEN SELECT person_id INTO v FROM savings_contact WHERE email = p_email ORDER BY id LIMIT 1; END IF;
    IF v IS NULL THEN INSERT INTO councils_person (name, system) VALUES (p_name, false) RETURNING id INTO v; END IF;
    RETURN v;
END $$;

CREATE FUNCTION contact_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE NOT held_role(a.person_id, n.council_id, '{finance_lead}', a.at)
       OR NOT EXISTS (SELECT 1 FROM partnerships_membership m
                      WHERE (m.partnership_id, m.council_id) = (n.partnership_id, n.council_id)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('contacts are set by the finance lead of the member that confirms', v); END IF;
    SELECT n.id INTO v FROM written_rows n LEFT JOIN savings_contact b ON b.id = n.replaces_id
        AND (b.partnership_id, b.council_id) = (n.partnership_id, n.council_id)
    WHERE n.replaces_id IS NOT NULL AND (b.id IS NULL OR b.ended) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a contact is replaced by one of the same council and partnership', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_person p ON p.id = n.person_id
    WHERE p.system OR n.email <> lower(n.email)
       OR EXISTS (SELECT 1 FROM councils_user u WHERE lower(u.email) = n.email AND u.person_id <> n.person_id)
           AND NOT n.ended
       OR EXISTS (SELECT 1 FROM savings_contact c WHERE c.person_id = n.person_id AND c.email <> n.email)
       OR EXISTS (SELECT 1 FROM councils_user u WHERE u.person_id = n.person_id)
           AND NOT EXISTS (SELECT 1 FROM councils_user u WHERE u.person_id = n.person_id AND lower(u.email) = n.email)
    LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a contact is the person who has that address', v); END IF;
    RETURN NULL;
END $$;

-- Asking ---------------------------------------------------------------------------------------------------------------

CREATE FUNCTION confirmation_request_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- A member's lead asks a member; what is asked is read off the ledger here, and so is fixed.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE NOT EXISTS (SELECT 1 FROM partnerships_membership m
                      WHERE (m.partnership_id, m.council_id) = (n.partnership_id, n.council_id))
       OR NOT EXISTS (SELECT 1 FROM partnerships_membership m WHERE m.partnership_id = n.partnership_id
                      AND held_role(a.person_id, m.council_id, '{finance_lead}', a.at)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a member is asked to confirm by the finance lead of a member', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.asked_at <> a.at OR n.expires_at > n.asked_at + interval '31 days' LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a link is good for thirty days from when it was asked for', v); END IF;
    INSERT INTO savings_confirmationline (act_id, request_id, partnership_id, council_id, claimant_id, scheme_id, title,
                                          kind, benefit_class, amount_pence, entries)
    SELECT n.act_id, n.id, n.partnership_id, n.council_id, l.claimant_id, l.scheme_id, s.reference || ' ' || s.title,
           l.kind, l.benefit_class, l.amount_pence, l.entries
    FROM written_rows n
    CROSS JOIN LATERAL confirmation_lines(n.partnership_id, n.council_id, n.quarter) l
    JOIN savings_scheme s ON s.id = l.scheme_id
    JOIN councils_council c ON c.id = l.claimant_id
    ORDER BY n.id, c.name, s.reference, l.kind, l.benefit_class;
    SELECT n.id INTO v FROM written_rows n
    WHERE NOT EXISTS (SELECT 1 FROM savings_confirmationline l WHERE l.request_id = n.id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the other members have banked nothing for that quarter', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION confirmation_link_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n
    JOIN councils_act a ON a.id = n.act_id JOIN councils_person p ON p.id = a.person_id
    LEFT JOIN savings_confirmationrequest r ON r.id = n.request_id
        AND (r.partnership_id, r.council_id) = (n.partnership_id, n.council_id)
    LEFT JOIN savings_contact c ON c.id = n.contact_id AND NOT c.ended
        AND (c.partnership_id, c.council_id) = (n.partnership_id, n.council_id)
    WHERE r.id IS NULL OR c.id IS NULL OR NOT p.system LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a link is made by the product for a contact of the member that is asked', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION confirmation_revocation_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- The request is locked in a statement before the one that looks, so that revoking and answering cannot cross.
DECLARE v bigint;
BEGIN
    PERFORM 1 FROM savings_confirmationrequest WHERE id IN (SELECT request_id FROM written_rows)
    ORDER BY id FOR NO KEY UPDATE;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    LEFT JOIN savings_confirmationrequest r ON r.id = n.request_id
        AND (r.partnership_id, r.council_id) = (n.partnership_id, n.council_id)
    WHERE r.id IS NULL
       OR NOT (r.asked_by_id = a.person_id OR held_role(a.person_id, r.council_id, '{finance_lead}', a.at)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a link is revoked by who asked or by the finance lead of who is asked', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN savings_confirmation c ON c.request_id = n.request_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('it was answered: there is nothing left to revoke', v); END IF;
    RETURN NULL;
END $$;

-- Answering ------------------------------------------------------------------------------------------------------------

ALTER TABLE savings_confirmation ADD CONSTRAINT savings_confirmation_what
    FOREIGN KEY (request_id, partnership_id, council_id, quarter)
    REFERENCES savings_confirmationrequest (id, partnership_id, council_id, quarter);
ALTER TABLE savings_confirmationanswer ADD CONSTRAINT savings_answer_confirmation
    FOREIGN KEY (confirmation_id, request_id) REFERENCES savings_confirmation (id, request_id);
ALTER TABLE savings_confirmationanswer ADD CONSTRAINT savings_answer_line
    FOREIGN KEY (line_id, request_id) REFERENCES savings_confirmationline (id, request_id);

CREATE FUNCTION confirmation_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    PERFORM 1 FROM savings_confirmationrequest WHERE id IN (SELECT request_id FROM written_rows)
    ORDER BY id FOR NO KEY UPDATE;
    SELECT n.id INTO v FROM written_rows n
    WHERE NOT confirmation_is_latest(n.request_id)
       OR EXISTS (SELECT 1 FROM savings_confirmationrevocation w WHERE w.request_id = n.request_id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the link was revoked or a newer one took its place', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    JOIN savings_confirmationrequest r ON r.id = n.request_id
    LEFT JOIN savings_confirmationlink k ON k.id = n.link_id AND k.request_id = n.request_id
        AND a.at <= r.expires_at
        AND NOT EXISTS (SELECT 1 FROM savings_confirmationlink later WHERE later.request_id = k.request_id
                        AND later.contact_id = k.contact_id AND later.nth > k.nth)
    LEFT JOIN savings_contact c ON c.id = k.contact_id AND c.person_id = n.answered_by_id AND NOT c.ended
        AND NOT EXISTS (SELECT 1 FROM savings_contact later WHERE later.replaces_id = c.id)
    WHERE NOT coalesce(n.link_id IS NOT NULL AND c.id IS NOT NULL, false)
      AND NOT (n.link_id IS NULL
               AND held_role(a.person_id, n.council_id, '{finance_officer,finance_lead}', a.at)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a member answers for itself, by a link that is still good or signed in', v); END IF;
    -- Two people: whoever recorded, reversed or proved any of it, under this account or another with that address.
    SELECT n.id INTO v FROM written_rows n
    JOIN savings_confirmationline l ON l.request_id = n.request_id
    CROSS JOIN LATERAL unnest(l.entries) AS one (id)
    JOIN savings_entry e ON e.id = one.id
    LEFT JOIN savings_support u ON u.entry_id = e.id
    LEFT JOIN savings_document d ON d.id = u.document_id
    WHERE n.answered_by_id IN (e.recorded_by_id, d.uploaded_by_id)
       OR EXISTS (SELECT 1 FROM savings_contact c JOIN councils_user x ON lower(x.email) = c.email
                  WHERE c.person_id = n.answered_by_id AND x.person_id IN (e.recorded_by_id, d.uploaded_by_id)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('nobody confirms what they recorded, reversed or uploaded themselves', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION confirmation_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- At the end of the transaction: every line was answered.
BEGIN
    IF EXISTS (SELECT 1 FROM savings_confirmationline l WHERE l.request_id = NEW.request_id AND NOT EXISTS (
            SELECT 1 FROM savings_confirmationanswer a WHERE a.confirmation_id = NEW.id AND a.line_id = l.id)) THEN
        PERFORM ledger_refuse('every line of a confirmation is answered', NEW.id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION confirmation_answer_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- Anything but yes disputes what stands of the line; a yes takes back what the member disputed by an earlier answer.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN savings_confirmation c ON c.id = n.confirmation_id
    JOIN savings_confirmationline l ON l.id = n.line_id
    WHERE (c.act_id, c.partnership_id, c.council_id) <> (n.act_id, n.partnership_id, n.council_id)
       OR n.stated_pence = l.amount_pence LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('an answer belongs to its confirmation, and another amount is another', v); END IF;
    INSERT INTO savings_disputeoutcome (act_id, dispute_id, entry_id, partnership_id, council_id, outcome, reason,
                                        decided_by_id, decided_at)
    SELECT n.act_id, d.id, d.entry_id, d.partnership_id, d.council_id, 'withdrawn', 'Agreed in a later answer.',
           c.answered_by_id, c.answered_at
    FROM written_rows n JOIN savings_confirmation c ON c.id = n.confirmation_id
    JOIN savings_confirmationline l ON l.id = n.line_id
    JOIN savings_dispute d ON d.entry_id = ANY (l.entries) AND d.council_id = n.council_id
    WHERE n.answer = 'agreed'
      AND EXISTS (SELECT 1 FROM savings_confirmation earlier WHERE earlier.act_id = d.act_id)
      AND NOT EXISTS (SELECT 1 FROM savings_disputeoutcome o WHERE o.dispute_id = d.id)
    ORDER BY d.id;
    INSERT INTO savings_dispute (act_id, entry_id, partnership_id, council_id, reason, raised_by_id, raised_at)
    SELECT n.act_id, e.id, n.partnership_id, n.council_id,
           concat_ws(' ', CASE WHEN n.answer = 'other_amount' THEN format('Says %s and not %s for %s.',
               to_char(n.stated_pence / 100.0, 'FM"£"999,999,999,990.00'),
               to_char(l.amount_pence / 100.0, 'FM"£"999,999,999,990.00'), l.title) END, nullif(n.reason, '')),
           c.answered_by_id, c.answered_at
    FROM written_rows n JOIN savings_confirmation c ON c.id = n.confirmation_id
    JOIN savings_confirmationline l ON l.id = n.line_id
    CROSS JOIN LATERAL unnest(l.entries) AS one (id)
    JOIN savings_entry e ON e.id = one.id AND e.reverses_id IS NULL
    WHERE n.answer <> 'agreed'
      AND NOT EXISTS (SELECT 1 FROM savings_entry r WHERE r.reverses_id = e.id)
      AND NOT EXISTS (SELECT 1 FROM savings_dispute d WHERE d.entry_id = e.id AND d.council_id = n.council_id
                      AND NOT EXISTS (SELECT 1 FROM savings_disputeoutcome o WHERE o.dispute_id = d.id))
    ORDER BY e.id;
    RETURN NULL;
END $$;

-- Redeeming a link -----------------------------------------------------------------------------------------------------

CREATE FUNCTION confirmation_open(p_digest text, p_at timestamptz)
RETURNS TABLE (state text, request bigint, link bigint, person bigint, contact text, partnership text, council bigint,
               quarter date, asked_at timestamptz, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- What a link is good for, and the scope that goes with it: while it is open one request may be read and answered, once
-- answered it may be read until it expires, and otherwise nothing may. One statement whatever is found, unknown or not.
DECLARE r record;
BEGIN
    SELECT q.id AS request, k.id AS link, c.person_id AS person, c.name AS contact, p.name AS partnership,
           q.council_id AS council, q.quarter, q.asked_at, q.expires_at,
           CASE WHEN k.id IS NULL THEN 'unknown'
                WHEN w.id IS NOT NULL OR c.ended OR changed.id IS NOT NULL THEN 'revoked'
                WHEN a.id IS NOT NULL THEN CASE WHEN p_at <= q.expires_at THEN 'answered' ELSE 'used' END
                WHEN NOT confirmation_is_latest(q.id) OR newer.id IS NOT NULL THEN 'replaced'
                WHEN p_at > q.expires_at THEN 'expired'
                ELSE 'open' END AS state
    INTO r
    FROM (SELECT p_digest AS digest) asked
    LEFT JOIN savings_confirmationlink k ON k.digest = asked.digest
    LEFT JOIN savings_confirmationrequest q ON q.id = k.request_id
    LEFT JOIN savings_contact c ON c.id = k.contact_id
    LEFT JOIN savings_contact changed ON changed.replaces_id = c.id
    LEFT JOIN partnerships_partnership p ON p.id = q.partnership_id
    LEFT JOIN savings_confirmation a ON a.request_id = q.id
    LEFT JOIN savings_confirmationrevocation w ON w.request_id = q.id
    LEFT JOIN LATERAL (
        SELECT n.id FROM savings_confirmationlink n
        WHERE n.request_id = k.request_id AND n.contact_id = k.contact_id AND n.nth > k.nth LIMIT 1) newer ON true;
    PERFORM set_config('banked.person', CASE WHEN r.state = 'open' THEN format('{%s}', r.person) ELSE '{}' END, true),
            set_config('banked.confirming',
                       CASE WHEN r.state IN ('open', 'answered') THEN format('{%s}', r.request) ELSE '' END, true);
    PERFORM set_config('banked.' || name, '{}', true) FROM unnest(ARRAY['councils', 'writes', 'leads', 'audits',
        'administers', 'partnerships', 'shown', 'fellows']) AS name;
    RETURN QUERY SELECT r.state, r.request, r.link, r.person, r.contact, r.partnership, r.council, r.quarter, r.asked_at,
                        r.expires_at;
END $$;

-- Disputes -------------------------------------------------------------------------------------------------------------

CREATE FUNCTION dispute_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN savings_entry e ON e.id = n.entry_id
    JOIN councils_person p ON p.id = n.raised_by_id
    WHERE NOT p.system AND (n.council_id = e.council_id OR NOT EXISTS (
        SELECT 1 FROM partnerships_membership m
        WHERE (m.partnership_id, m.council_id) = (n.partnership_id, n.council_id))) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('an entry is disputed by another member', v); END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION dispute_outcome_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- Withdrawn by the side that raised it, upheld by the side of the entry, dismissed by neither: a lead of a third member,
-- or an auditor of a member, who writes for neither side. What the product raised, the entry's own lead may dismiss.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN savings_dispute d ON d.id = n.dispute_id
        JOIN savings_entry e ON e.id = d.entry_id
    WHERE (d.entry_id, d.partnership_id) <> (n.entry_id, n.partnership_id)
       OR (n.outcome <> 'withdrawn' AND d.raised_by_id = n.decided_by_id)
       OR (n.outcome = 'withdrawn' AND d.council_id <> n.council_id)
       OR (n.outcome = 'dismissed' AND e.recorded_by_id = n.decided_by_id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a dispute is decided by somebody who neither raised nor caused it', v); END IF;
    SELECT n.id INTO v FROM written_rows n
        JOIN councils_act a ON a.id = n.act_id
        JOIN savings_dispute d ON d.id = n.dispute_id
        JOIN savings_entry e ON e.id = d.entry_id
        JOIN councils_person raiser ON raiser.id = d.raised_by_id
    WHERE NOT CASE n.outcome
        WHEN 'withdrawn' THEN n.decided_by_id = d.raised_by_id
            OR (NOT raiser.system AND held_role(n.decided_by_id, d.council_id, '{finance_lead}', a.at))
            OR EXISTS (SELECT 1 FROM savings_confirmation c WHERE c.act_id = n.act_id AND c.council_id = d.council_id)
        WHEN 'upheld' THEN n.council_id = e.council_id
            AND held_role(n.decided_by_id, e.council_id, '{finance_lead}', a.at)
        WHEN 'dismissed' THEN
            (raiser.system AND n.council_id = e.council_id
                AND held_role(n.decided_by_id, e.council_id, '{finance_lead}', a.at))
            OR (EXISTS (SELECT 1 FROM partnerships_membership m
                        WHERE (m.partnership_id, m.council_id) = (n.partnership_id, n.council_id))
                AND (held_role(n.decided_by_id, n.council_id, '{auditor}', a.at)
                     OR (n.council_id NOT IN (e.council_id, d.council_id)
                         AND held_role(n.decided_by_id, n.council_id, '{finance_lead}', a.at)))
                AND NOT held_role(n.decided_by_id, e.council_id, '{finance_officer,finance_lead}', a.at)
                AND NOT held_role(n.decided_by_id, d.council_id, '{finance_officer,finance_lead}', a.at))
        ELSE false END LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a dispute is withdrawn by the side that raised it, upheld by the side of the entry, and '
                              'dismissed by neither', v);
    END IF;
    RETURN NULL;
END $$;

-- Triggers and walls ---------------------------------------------------------------------------------------------------

DO $$
DECLARE t text[];
BEGIN
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['savings_contact', 'contact_check'], ['savings_confirmationrequest', 'confirmation_request_check'],
        ['savings_confirmationlink', 'confirmation_link_check'],
        ['savings_confirmationrevocation', 'confirmation_revocation_check'],
        ['savings_confirmation', 'confirmation_check'], ['savings_confirmationanswer', 'confirmation_answer_check'],
        ['savings_dispute', 'dispute_check']]
    LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %I()', t[2], t[1], t[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t[1], t[2]);
    END LOOP;
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['savings_contact', 'set_by_id'], ['savings_confirmationrequest', 'asked_by_id'],
        ['savings_confirmationrevocation', 'revoked_by_id'], ['savings_confirmation', 'answered_by_id']]
    LOOP
        EXECUTE format('CREATE TRIGGER written_by_actor AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION written_by_actor(%L)', t[1], t[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER written_by_actor', t[1]);
    END LOOP;
END $$;
CREATE CONSTRAINT TRIGGER confirmation_whole AFTER INSERT ON savings_confirmation DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION confirmation_whole();
ALTER TABLE savings_confirmation ENABLE ALWAYS TRIGGER confirmation_whole;

DO $$
DECLARE
    in_scope text := 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])';
    writes text := 'council_id = ANY ((SELECT scope_ids(''writes''))::bigint[])';
    leads text := 'council_id = ANY ((SELECT scope_ids(''leads''))::bigint[])';
    opened text := 'request_id = ANY ((SELECT confirming())::bigint[])';
    t text;
BEGIN
    CALL wall('savings_contact', in_scope, in_scope || ' AND ' || leads);
    CALL wall('savings_confirmationrequest', in_scope || ' OR id = ANY ((SELECT confirming())::bigint[])',
        in_scope || ' AND has_member(''leads'', partnership_id)');
    CALL wall('savings_confirmationline', in_scope || ' OR ' || opened, NULL);
    CALL wall('savings_confirmationlink', in_scope || ' OR ' || opened, NULL);
    CALL wall('savings_confirmationrevocation', in_scope, in_scope || ' AND has_member(''leads'', partnership_id)');
    CALL wall('savings_confirmation', in_scope || ' OR ' || opened, '(' || in_scope || ' AND ' || writes
        || ') OR (link_id IS NOT NULL AND answered_by_id = (SELECT scope_person()) AND ' || opened || ')');
    CALL wall('savings_confirmationanswer', in_scope || ' OR ' || opened, '(' || in_scope || ' AND ' || writes
        || ') OR ' || opened);
    FOREACH t IN ARRAY ARRAY['contact', 'confirmationrequest', 'confirmationlink', 'confirmationrevocation',
        'confirmation', 'confirmationanswer'] LOOP
        EXECUTE format('GRANT INSERT ON savings_%s TO banked_worker', t);
    END LOOP;
    DROP POLICY scope_write ON savings_disputeoutcome;
    EXECUTE format('CREATE POLICY scope_write ON savings_disputeoutcome FOR INSERT TO banked_app WITH CHECK (%s AND (
        %s OR (outcome = ''withdrawn'' AND %s) OR (outcome = ''dismissed'' AND %s)))', in_scope, leads, writes,
        'council_id = ANY ((SELECT scope_ids(''audits''))::bigint[])');
END $$;

-- Whoever answers for a member is named to its fellows, as their own people are.
CREATE POLICY contacts_read ON councils_person FOR SELECT TO banked_app, banked_readonly
    USING (EXISTS (SELECT 1 FROM savings_contact c WHERE c.person_id = councils_person.id));

-- The latest is the one with the highest id, so nobody may choose an id.
ALTER TABLE savings_confirmationrequest ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE savings_confirmation ALTER COLUMN id SET GENERATED ALWAYS;

REVOKE ALL ON FUNCTION contact_person, confirmation_open, held_role FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contact_person TO banked_app, banked_worker;
GRANT EXECUTE ON FUNCTION confirmation_open TO banked_app;
