-- The access stream (DESIGN 10.14) says who signed in and who read what. A sign-in is seen by that person and by
-- administrators; one that was refused by the person whose account was tried; a document or report taken away by whoever
-- took it, and by the finance leads and auditors of the council whose it is. Nobody else learns that there was anything.

CREATE FUNCTION access_shown(p_act bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Runs as the owner, because the policy of acts asks the policy of events, which would ask this for ever.
    SELECT EXISTS (
        SELECT 1 FROM councils_act a WHERE a.id = p_act AND (
            a.person_id = scope_person()
            OR scope_has('administers')
            OR a.subject = 'person:' || (SELECT public_id FROM councils_person WHERE id = scope_person())
            OR CASE WHEN a.subject ~ '^document:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN EXISTS (
                    SELECT 1 FROM savings_document d WHERE d.public_id = substring(a.subject FROM 10)::uuid
                      AND (d.council_id = ANY (scope_ids('leads')) OR d.council_id = ANY (scope_ids('audits'))))
                WHEN a.subject ~ '^report:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.' THEN EXISTS (
                    SELECT 1 FROM savings_report r WHERE r.public_id = substring(a.subject FROM 8 FOR 36)::uuid
                      AND (r.council_id = ANY (scope_ids('leads')) OR r.council_id = ANY (scope_ids('audits'))))
                ELSE false END))
$$;
REVOKE ALL ON FUNCTION access_shown FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_shown TO banked_app, banked_readonly;

ALTER POLICY scope_read ON councils_event USING (EXISTS (SELECT 1 FROM councils_stream s WHERE s.id = stream_id AND (
    s.council_id = ANY ((SELECT scope_ids('councils'))::bigint[])
    OR (s.key = 'register' AND (SELECT scope_has('administers')))
    OR (s.key = 'access' AND access_shown(act_id)))));
