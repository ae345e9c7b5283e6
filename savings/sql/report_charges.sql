-- One row per charge of one partnership, as one member reported it, banked first.
SELECT h.public_id, reporter.code, payer.code, receiver.code, h.series, h.final, h.year, h.month, h.amount_pence, h.note,
       b.version, recorder.name, h.recorded_at, original.public_id
FROM savings_charge h
JOIN councils_council reporter ON reporter.id = h.council_id
JOIN councils_council payer ON payer.id = h.payer_id
JOIN councils_council receiver ON receiver.id = h.receiver_id
JOIN councils_person recorder ON recorder.id = h.recorded_by_id
LEFT JOIN partnerships_businesscase b ON b.id = h.business_case_id
LEFT JOIN savings_charge original ON original.id = h.reverses_id
WHERE h.partnership_id = %(partnership)s
ORDER BY array_position(ARRAY['banked', 'forecast', 'projected'], h.series), h.year, payer.code, receiver.code,
         reporter.code, h.month NULLS FIRST, h.id
