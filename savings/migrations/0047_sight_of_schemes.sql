-- A scheme is seen with every row that names it: whoever left sees what was banked in their years, also what was recorded
-- after they left, on a scheme written down after they left. And whoever stayed until no member was left stayed to the
-- end, whether or not an ending was written down.

CREATE FUNCTION sees_scheme(p_partnership bigint, p_scheme bigint, p_act bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT sees_act(p_partnership, p_act) OR EXISTS (
        SELECT 1 FROM savings_entry e WHERE e.scheme_id = p_scheme
          AND (e.council_id = ANY (scope_ids('councils')) OR sees_year(e.partnership_id, e.year)))
$$;
REVOKE ALL ON FUNCTION sees_scheme FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sees_scheme TO banked_app, banked_worker, banked_readonly;

DROP POLICY sight ON savings_scheme;
CALL sight_wall('savings_scheme', 'sees_scheme(partnership_id, id, act_id)');
-- Of a scheme seen only so, how it began: what was said of it later is not of their time.
DROP POLICY sight ON savings_schemestatus;
CALL sight_wall('savings_schemestatus',
    'sees_act(partnership_id, act_id) OR (sequence = 1 AND sees_scheme(partnership_id, scheme_id, act_id))');

CREATE OR REPLACE FUNCTION membership_sight(p_councils bigint[], p_on date)
RETURNS TABLE (partnership_id bigint, years int4multirange, acts bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- By partnership, the financial years in which one of the councils was a member, and the last act that all of them were
-- there for (null while one still is). Whoever was there from the start sees what came before it, the setting up; whoever
-- was there to the end of the partnership, or until its last member left, sees what comes after, the winding up.
    SELECT m.partnership_id,
           range_agg(int4range(
               CASE WHEN financial_year(m.starts_on) > financial_year(p.started_on) THEN financial_year(m.starts_on) END,
               CASE WHEN gone THEN financial_year(m.ends_on - 1) + 1 END)),
           CASE WHEN bool_and(gone) THEN coalesce(
               (SELECT a.id FROM councils_act a WHERE a.at < max(m.ends_on) ORDER BY a.at DESC, a.id DESC LIMIT 1), 0) END
    FROM partnerships_membership m
        JOIN partnerships_partnership p ON p.id = m.partnership_id
        LEFT JOIN partnerships_ending e ON e.partnership_id = m.partnership_id
        CROSS JOIN LATERAL (
            SELECT coalesce(e.ended_on, CASE WHEN bool_and(o.ends_on IS NOT NULL) THEN max(o.ends_on) END) AS over
            FROM partnerships_membership o WHERE o.partnership_id = m.partnership_id
              AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = o.id)) w
        CROSS JOIN LATERAL (
            SELECT m.ends_on IS NOT NULL AND m.ends_on <= p_on AND (over IS NULL OR m.ends_on < over) AS gone) g
    WHERE m.council_id = ANY (p_councils)
      AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)
    GROUP BY m.partnership_id
$$;
