-- What the ledger's tables, guards and walls are, one line each: (line). The same after a dump and a restore.
-- Of the schema public, and views and functions of every schema that is ours; what the frameworks keep counts as well.
SELECT 'table ' || c.relname || ': row-level security ' || CASE WHEN c.relrowsecurity THEN 'on' ELSE 'off' END
       || CASE WHEN c.relforcerowsecurity THEN ', forced' ELSE ', not forced' END
       || ', owner ' || pg_get_userbyid(c.relowner)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 'column ' || c.relname || '.' || a.attname || ': ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
       || CASE a.attidentity WHEN 'a' THEN ' identity always' WHEN 'd' THEN ' identity' ELSE '' END
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
UNION ALL
SELECT 'view ' || n.nspname || '.' || c.relname || ': ' || regexp_replace(pg_get_viewdef(c.oid), '\s+', ' ', 'g')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^(pg_|information_schema)' AND c.relkind IN ('v', 'm')
UNION ALL
SELECT 'constraint ' || coalesce(c.relname || '.', '') || k.conname || ': ' || pg_get_constraintdef(k.oid)
       || CASE WHEN k.convalidated THEN '' ELSE ' not validated' END
FROM pg_constraint k LEFT JOIN pg_class c ON c.oid = k.conrelid
WHERE k.connamespace = 'public'::regnamespace AND k.contype NOT IN ('n', 't')
UNION ALL
SELECT 'index ' || c.relname || ': ' || pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique
UNION ALL
SELECT 'trigger ' || c.relname || '.' || t.tgname || ': '
       || CASE t.tgenabled WHEN 'A' THEN 'always' WHEN 'O' THEN 'on' WHEN 'R' THEN 'replicas only' ELSE 'off' END
       || ' ' || pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
UNION ALL
-- the triggers inside foreign keys and deferred checks have numbers for names, so they are counted
SELECT 'keys of ' || c.relname || ': ' || count(*) FILTER (WHERE t.tgenabled = 'O') || ' on, '
       || count(*) FILTER (WHERE t.tgenabled <> 'O') || ' otherwise'
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'public'::regnamespace AND t.tgisinternal
GROUP BY c.relname
UNION ALL
SELECT 'rule ' || r.tablename || '.' || r.rulename || ': ' || r.definition FROM pg_rules r WHERE r.schemaname = 'public'
UNION ALL
SELECT 'policy ' || p.tablename || '.' || p.policyname || ': ' || lower(p.permissive) || ' for ' || lower(p.cmd) || ' to '
       || (SELECT string_agg(role::text, ', ' ORDER BY role) FROM unnest(p.roles) AS role)
       || coalesce(' using ' || regexp_replace(p.qual, '\s+', ' ', 'g'), '')
       || coalesce(' with check ' || regexp_replace(p.with_check, '\s+', ' ', 'g'), '')
FROM pg_policies p WHERE p.schemaname = 'public'
UNION ALL
SELECT 'function ' || CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || '): '
       || CASE WHEN p.prosecdef THEN 'as its owner ' ELSE '' END || pg_get_userbyid(p.proowner)
       || coalesce(' with ' || array_to_string(p.proconfig, ', '), '')
       || ' source ' || encode(sha256(convert_to(p.prosrc || coalesce(pg_get_function_sqlbody(p.oid), ''), 'UTF8')), 'hex')
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname !~ '^(pg_|information_schema)'
UNION ALL
-- privileges are printed without who granted them
SELECT 'privileges on ' || c.relname || ': ' || string_agg(who || '=' || what, ', ' ORDER BY who)
FROM pg_class c CROSS JOIN LATERAL (
    SELECT CASE WHEN g.grantee = 0 THEN 'everybody' ELSE pg_get_userbyid(g.grantee) END AS who,
           string_agg(lower(g.privilege_type), ' ' ORDER BY g.privilege_type) AS what
    FROM aclexplode(c.relacl) g WHERE g.grantee <> c.relowner GROUP BY g.grantee) given
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
GROUP BY c.relname
UNION ALL
SELECT 'event trigger ' || e.evtname || ': ' || e.evtevent FROM pg_event_trigger e
ORDER BY 1
