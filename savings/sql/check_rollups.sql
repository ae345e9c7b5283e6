-- One row per figure in which a fact differs from the ledger: partnership, council, year, audience, figure, what the fact
-- says, what the ledger says, and whether marks of that key still wait. One statement, so ledger and facts are of one
-- moment.
--
-- Written apart from what keeps the facts, and differently: reversed entries are left out instead of netted, grades and
-- disputes come from documents and decisions instead of the state kept beside the entry, and chains of repeated claims
-- are followed by recursion.
WITH RECURSIVE
-- entries that stand, with what documents, decisions and disputes make of them --------------------------------------
active AS (
    SELECT u.entry_id, u.id, d.sha256
    FROM savings_support u JOIN savings_document d ON d.id = u.document_id
    WHERE u.withdraws_id IS NULL AND NOT EXISTS (SELECT 1 FROM savings_support w WHERE w.withdraws_id = u.id)
), documented AS (
    SELECT entry_id, array_agg(id) AS supports FROM active GROUP BY entry_id
), decided AS (
    SELECT entry_id, outcome, support_id FROM savings_decision d
    WHERE NOT EXISTS (SELECT 1 FROM savings_decision later WHERE later.entry_id = d.entry_id AND later.id > d.id)
), contested AS (
    SELECT DISTINCT entry_id FROM savings_dispute p
    WHERE NOT EXISTS (SELECT 1 FROM savings_disputeoutcome o WHERE o.dispute_id = p.id)
), promise AS (
    SELECT a.partnership_id, a.council_id, max(c.version) AS version
    FROM partnerships_approval a JOIN partnerships_businesscase c ON c.id = a.case_id
    GROUP BY a.partnership_id, a.council_id
), standing AS (
    SELECT e.id, e.partnership_id, e.council_id, e.scheme_id, e.year, e.series, e.kind, e.benefit_class, e.recurrence,
           e.amount_pence AS pence, e.document_ref,
           e.kind = 'saving' AND e.benefit_class = 'cash_releasing' AS cash,
           e.kind IN ('one_off_cost', 'running_cost') AS cost,
           contested.entry_id IS NOT NULL AS disputed,
           CASE WHEN documented.supports IS NULL THEN 0
                WHEN e.benefit_class = 'cash_releasing' AND e.budget_reduction_id IS NULL THEN 1
                WHEN decided.outcome = 'audited' THEN 3
                WHEN decided.outcome = 'signed_off' AND decided.support_id = ANY (documented.supports) THEN 2
                ELSE 1 END AS grade
    FROM savings_entry e
    LEFT JOIN documented ON documented.entry_id = e.id
    LEFT JOIN decided ON decided.entry_id = e.id
    LEFT JOIN contested ON contested.entry_id = e.id
    LEFT JOIN partnerships_businesscase c ON c.id = e.business_case_id
    LEFT JOIN promise ON promise.partnership_id = e.partnership_id AND promise.council_id = e.council_id
    WHERE e.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM savings_entry r WHERE r.reverses_id = e.id)
      AND (e.series <> 'projected' OR c.version = promise.version)
),
-- banked cash savings as claims, and which of them count -------------------------------------------------------------
proof AS (
    SELECT s.partnership_id, s.council_id, s.scheme_id, s.year, max(a.sha256) AS sha256
    FROM standing s JOIN active a ON a.entry_id = s.id WHERE s.series = 'banked' AND s.cash
    GROUP BY s.partnership_id, s.council_id, s.scheme_id, s.year HAVING count(DISTINCT a.sha256) = 1
), claim AS (
    SELECT s.partnership_id, s.council_id, s.scheme_id, s.year, h.service_id, min(s.id) AS id, sum(s.pence) AS pence,
           coalesce(sum(s.pence) FILTER (WHERE s.grade = 0), 0) AS g0,
           coalesce(sum(s.pence) FILTER (WHERE s.grade = 1), 0) AS g1,
           coalesce(sum(s.pence) FILTER (WHERE s.grade = 2), 0) AS g2,
           coalesce(sum(s.pence) FILTER (WHERE s.grade = 3), 0) AS g3,
           coalesce(sum(s.pence) FILTER (WHERE s.disputed), 0) AS disputed,
           coalesce(sum(s.pence) FILTER (WHERE s.recurrence = 'recurring'), 0) AS recurring,
           CASE WHEN count(DISTINCT nullif(s.document_ref, '')) = 1 THEN max(s.document_ref) END AS document,
           min(p.sha256) AS sha256
    FROM standing s
    JOIN savings_scheme h ON h.id = s.scheme_id
    LEFT JOIN proof p ON (p.partnership_id, p.council_id, p.scheme_id, p.year)
                       = (s.partnership_id, s.council_id, s.scheme_id, s.year)
    WHERE s.series = 'banked' AND s.cash
    GROUP BY s.partnership_id, s.council_id, s.scheme_id, s.year, h.service_id
), agreed AS (  -- charges that stand
    SELECT h.*, c.version AS case_version FROM savings_charge h
    LEFT JOIN partnerships_businesscase c ON c.id = h.business_case_id
    WHERE h.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM savings_charge r WHERE r.reverses_id = h.id)
), income AS (
    SELECT partnership_id, receiver_id AS council_id, year, sum(amount_pence) AS pence FROM agreed
    WHERE series = 'banked' AND council_id = payer_id GROUP BY 1, 2, 3 HAVING sum(amount_pence) > 0
), side AS (
    SELECT y.partnership_id, y.council_id, y.year,
           bool_or(m.role IN ('provider', 'both')) AS provides, bool_or(m.role IN ('receiver', 'both')) AS receives
    FROM (SELECT DISTINCT partnership_id, council_id, year FROM claim) y
    JOIN partnerships_membership m ON m.partnership_id = y.partnership_id AND m.council_id = y.council_id
        AND m.starts_on < make_date(y.year + 1, 4, 1) AND coalesce(m.ends_on, 'infinity') > make_date(y.year, 4, 1)
    WHERE NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)
    GROUP BY 1, 2, 3
), transfer AS (
    SELECT k.id FROM claim k JOIN income i USING (partnership_id, council_id, year)
    WHERE k.pence <> 0 AND abs(abs(k.pence) - i.pence) * 10000
        <= greatest(greatest(abs(k.pence), i.pence) * %(tolerance_bps)s, %(tolerance_pence)s * 10000)
), rival AS (  -- claims that may repeat each other
    SELECT k.*, CASE WHEN g3 <> 0 THEN 3 WHEN g2 <> 0 THEN 2 WHEN g1 <> 0 THEN 1 ELSE 0 END AS grade,
           coalesce(s.provides, false) AS provides, coalesce(s.receives, false) AS receives
    FROM claim k LEFT JOIN side s USING (partnership_id, council_id, year)
    WHERE k.pence <> 0 AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.id = k.id)
), alike AS (
    SELECT a.id AS one, b.id AS other
    FROM rival a JOIN rival b USING (partnership_id, year, document, pence) WHERE a.id <> b.id
    UNION
    SELECT a.id, b.id
    FROM rival a JOIN rival b USING (partnership_id, year, sha256, pence) WHERE a.id <> b.id
    UNION
    SELECT a.id, b.id
    FROM rival a JOIN rival b USING (partnership_id, year, service_id)
    WHERE a.council_id <> b.council_id AND (a.provides AND b.receives OR a.receives AND b.provides)
      AND abs(abs(a.pence) - abs(b.pence)) * 10000
        <= greatest(greatest(abs(a.pence), abs(b.pence)) * %(tolerance_bps)s, %(tolerance_pence)s * 10000)
), apart AS (
    SELECT a.id AS one, b.id AS other
    FROM (SELECT partnership_id, year, council_id, scheme_id, other_council_id, other_scheme_id
          FROM savings_distinction GROUP BY 1, 2, 3, 4, 5, 6 HAVING count(*) %% 2 = 1) d  -- said, withdrawn, said again
    JOIN claim a ON (a.partnership_id, a.year, a.council_id, a.scheme_id)
                  = (d.partnership_id, d.year, d.council_id, d.scheme_id)
    JOIN claim b ON (b.partnership_id, b.year, b.council_id, b.scheme_id)
                  = (d.partnership_id, d.year, d.other_council_id, d.other_scheme_id)
), link AS (
    SELECT one, other FROM alike
    EXCEPT SELECT one, other FROM apart
    EXCEPT SELECT other, one FROM apart
), chain AS (
    SELECT one AS start, one AS reached FROM link
    UNION
    SELECT c.start, l.other FROM chain c JOIN link l ON l.one = c.reached
), beaten AS (  -- somebody in the same chain comes first
    SELECT DISTINCT c.start AS id FROM chain c JOIN rival a ON a.id = c.start JOIN rival b ON b.id = c.reached
    WHERE (b.grade, -b.pence, -b.id) > (a.grade, -a.pence, -a.id)
), twice AS (  -- rule 3: one council claims near amounts for one service in two partnerships, and nobody told them apart
    SELECT DISTINCT a.id FROM claim a JOIN claim b USING (council_id, year, service_id)
    WHERE a.partnership_id <> b.partnership_id AND a.pence <> 0 AND b.pence <> 0
      AND abs(abs(a.pence) - abs(b.pence)) * 10000
        <= greatest(greatest(abs(a.pence), abs(b.pence)) * %(tolerance_bps)s, %(tolerance_pence)s * 10000)
      AND NOT EXISTS (
        SELECT 1 FROM (SELECT council_id, year, scheme_id, other_scheme_id FROM savings_distinctionacross
                       GROUP BY 1, 2, 3, 4 HAVING count(*) %% 2 = 1) d
        WHERE d.council_id = a.council_id AND d.year = a.year
          AND (d.scheme_id = a.scheme_id AND d.other_scheme_id = b.scheme_id
            OR d.scheme_id = b.scheme_id AND d.other_scheme_id = a.scheme_id))
), counted AS (
    SELECT k.*, CASE WHEN EXISTS (SELECT 1 FROM twice t WHERE t.id = k.id) THEN pence ELSE disputed END AS in_dispute
    FROM claim k
    WHERE NOT EXISTS (SELECT 1 FROM transfer t WHERE t.id = k.id) AND NOT EXISTS (SELECT 1 FROM beaten b WHERE b.id = k.id)
),
-- every figure as the ledger has it, one row per contribution -----------------------------------------------------------
figure AS (
    SELECT partnership_id, council_id, year, 'claimed_pence' AS name, pence AS amount FROM claim
    UNION ALL
    SELECT partnership_id, council_id, year, f.name, f.amount FROM counted CROSS JOIN LATERAL (VALUES
        ('counted_pence', pence), ('proven_pence', g2 + g3), ('grade_0_pence', g0), ('grade_1_pence', g1),
        ('grade_2_pence', g2), ('grade_3_pence', g3), ('disputed_pence', in_dispute), ('recurring_pence', recurring)
    ) f (name, amount)
    UNION ALL
    SELECT partnership_id, council_id, year,
           CASE WHEN series = 'banked' THEN
                CASE WHEN kind <> 'saving' THEN kind || '_pence'
                     ELSE CASE benefit_class WHEN 'non_cash_releasing' THEN 'non_cash' WHEN 'cost_avoidance' THEN 'avoidance'
                          WHEN 'service_reduction' THEN 'reduction' ELSE benefit_class END || '_pence' END
                ELSE CASE series WHEN 'projected' THEN 'promised' ELSE series END
                     || CASE WHEN cost THEN '_cost_pence' ELSE '_pence' END END,
           pence
    FROM standing WHERE series = 'banked' AND NOT cash OR series <> 'banked' AND (cash OR cost)
    UNION ALL
    SELECT partnership_id, council_id, year, 'unsigned', 1 FROM standing WHERE series = 'banked' AND grade < 2
    UNION ALL
    SELECT partnership_id, council_id, year, 'entries', count(*) FROM savings_entry WHERE series = 'banked' GROUP BY 1, 2, 3
    UNION ALL
    SELECT h.partnership_id, f.council_id, h.year, f.name, f.amount FROM agreed h
    LEFT JOIN promise ON promise.partnership_id = h.partnership_id AND promise.council_id = h.payer_id
    CROSS JOIN LATERAL (VALUES
        (h.payer_id, 'charges_paid_pence', CASE WHEN series = 'banked' AND h.council_id = payer_id THEN amount_pence END),
        (h.receiver_id, 'charges_received_pence', CASE WHEN series = 'banked' AND h.council_id = payer_id THEN amount_pence END),
        (h.receiver_id, 'charges_unreconciled_pence',
            CASE WHEN series = 'banked' THEN CASE WHEN h.council_id = payer_id THEN -amount_pence ELSE amount_pence END END),
        (h.payer_id, 'promised_charges_pence', CASE WHEN h.case_version = promise.version THEN -amount_pence END),
        (h.receiver_id, 'promised_charges_pence', CASE WHEN h.case_version = promise.version THEN amount_pence END)
    ) f (council_id, name, amount)
    UNION ALL
    SELECT r.partnership_id, r.council_id,
           extract(year FROM quarter)::int - (extract(month FROM quarter) < 4)::int, f.name, f.amount
    FROM savings_return r CROSS JOIN LATERAL (VALUES
        ('returned', (step <> 'reopened')::int), ('returns_signed_off', (step IN ('signed_off', 'closed'))::int),
        ('nil_cost_returns', (step IN ('signed_off', 'closed') AND nil_costs)::int)
    ) f (name, amount)
    WHERE NOT EXISTS (
        SELECT 1 FROM savings_return later
        WHERE (later.partnership_id, later.council_id, later.quarter) = (r.partnership_id, r.council_id, r.quarter)
          AND later.sequence > r.sequence)
),
-- against the facts ------------------------------------------------------------------------------------------------------
audience AS (
    SELECT p.id AS partnership_id, a.audience
    FROM partnerships_partnership p
    LEFT JOIN LATERAL (SELECT who FROM partnerships_audience WHERE partnership_id = p.id ORDER BY id DESC LIMIT 1) w ON true
    JOIN (VALUES ('members', 1), ('sector', 2), ('public', 3)) a (audience, width)
      ON a.width <= CASE w.who WHEN 'public' THEN 3 WHEN 'sector' THEN 2 ELSE 1 END
), ledger AS (
    SELECT partnership_id, council_id, year::int AS year, audience, name, sum(amount) AS amount
    FROM figure JOIN audience USING (partnership_id) GROUP BY 1, 2, 3, 4, 5
), fact AS (
    SELECT r.partnership_id, r.council_id, r.year::int AS year, r.audience, f.key AS name, f.value::numeric AS amount
    FROM savings_rollup r CROSS JOIN LATERAL jsonb_each_text(
        to_jsonb(r) - ARRAY['id', 'audience', 'partnership_id', 'council_id', 'year', 'last_event', 'computed_at']) f
)
SELECT p.slug, c.code, b.year, b.audience, b.name, b.fact::bigint, b.ledger::bigint,
       EXISTS (SELECT 1 FROM savings_mark m WHERE m.partnership_id = p.id AND m.year = b.year)
FROM (
    SELECT partnership_id, council_id, year, audience, name,
           coalesce(fact.amount, 0) AS fact, coalesce(ledger.amount, 0) AS ledger
    FROM ledger FULL JOIN fact USING (partnership_id, council_id, year, audience, name)
) b
JOIN partnerships_partnership p ON p.id = b.partnership_id
JOIN councils_council c ON c.id = b.council_id
WHERE b.fact <> b.ledger
ORDER BY 1, 2, 3, 4, 5
