-- What people type shows as what it is: no control characters, nothing that turns the direction of what follows,
-- nothing that cannot be seen (SECURITY row 17). councils/plain_text.py says the same to forms; a test holds the two
-- together over every character there is. Rows written before are left as they are, because none can be changed.

CREATE FUNCTION plain_text(p_text text, p_lines boolean) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN p_text !~ '[^\x20-\x7e]' THEN true
        WHEN NOT p_lines AND p_text ~ '\n' THEN false
        WHEN p_text IS NOT NFC NORMALIZED THEN false
        ELSE regexp_replace(
                regexp_replace(p_text, '\U0001F3F4[\U000E0020-\U000E007E]{1,8}\U000E007F', '', 'g'),
                '(?<=[\u2190-\u2BFF\uFE0F\U0001F000-\U0001FAFF])\u200D(?=[\u2190-\u2BFF\U0001F000-\U0001FAFF])', '', 'g')
            !~ ('[\u0001-\u0009\u000B-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F'
                '\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uE000-\uF8FF\uFE00-\uFE0D\uFEFF\uFFA0\uFFF0-\uFFFB'
                '\U000E0000-\U000E0FFF\U000F0000-\U0010FFFF]')
        END
$$;

CREATE FUNCTION plain_code(p_code text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
-- A code is Latin letters as the languages of these islands write them, digits, and a few marks; one space at a time.
    SELECT p_code IS NFC NORMALIZED AND p_code ~ ('^[A-Za-z0-9ÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜÝŴŶŸẀẂẄỲàáâäèéêëìíîïòóôöùúûüýÿŵŷẁẃẅỳ'
        '._/:&()+#''-]+( [A-Za-z0-9ÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜÝŴŶŸẀẂẄỲàáâäèéêëìíîïòóôöùúûüýÿŵŷẁẃẅỳ._/:&()+#''-]+)*$')
$$;

CREATE FUNCTION code_skeleton(p_code text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
-- Two codes with one skeleton would be read as the same: case, accents and spaces are left out of it.
    SELECT lower(regexp_replace(normalize(p_code, NFKD), '[\u0300-\u036F ]', '', 'g'))
$$;

DO $$
DECLARE t text[];
BEGIN
    -- table, column, and whether it may have lines
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['savings_entry', 'note', 'true'], ['savings_entry', 'ledger_code', 'false'],
        ['savings_entry', 'document_ref', 'false'], ['savings_entry', 'external_key', 'false'],
        ['savings_budgetreduction', 'code', 'false'], ['savings_budgetreduction', 'description', 'true'],
        ['savings_budgetcorrection', 'reason', 'true'], ['savings_charge', 'note', 'true'],
        ['savings_charge', 'external_key', 'false'], ['savings_scheme', 'reference', 'false'],
        ['savings_scheme', 'title', 'false'], ['savings_scheme', 'owner', 'false'],
        ['savings_scheme', 'description', 'true'], ['savings_schemestatus', 'replaced_with', 'true'],
        ['savings_decision', 'reason', 'true'], ['savings_dispute', 'reason', 'true'],
        ['savings_disputeoutcome', 'reason', 'true'], ['savings_distinction', 'reason', 'true'],
        ['savings_distinctionacross', 'reason', 'true'], ['savings_document', 'title', 'false'],
        ['savings_document', 'file_name', 'false'], ['savings_return', 'reason', 'true'],
        ['savings_indicator', 'name', 'false'], ['savings_indicator', 'unit', 'false'],
        ['partnerships_businesscase', 'title', 'false'], ['partnerships_businesscase', 'explanation', 'true'],
        ['partnerships_partnership', 'name', 'false'], ['councils_person', 'name', 'false'],
        ['councils_act', 'reason', 'true']]
    LOOP
        EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (plain_text(%I, %s)) NOT VALID',
                       t[1], t[1] || '_' || t[2] || '_plain', t[2], t[3]);
    END LOOP;
END $$;

ALTER TABLE savings_budgetreduction ADD CONSTRAINT savings_reduction_code_letters CHECK (plain_code(code)) NOT VALID;
ALTER TABLE savings_scheme ADD CONSTRAINT savings_scheme_reference_letters CHECK (plain_code(reference)) NOT VALID;
CREATE UNIQUE INDEX savings_reduction_skeleton ON savings_budgetreduction (council_id, year, code_skeleton(code));
CREATE UNIQUE INDEX savings_scheme_skeleton ON savings_scheme (partnership_id, code_skeleton(reference));
