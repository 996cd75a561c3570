-- What the second release added.
UPDATE candidate SET reasons = '["word:压铸"]' WHERE id = 1;
INSERT INTO judgement (id, consultation_id, entry_key, verdict, reason, person_id, judged_at) VALUES
  (1, 1, 'expert-li', 'chosen', '', 1, '2026-11-20 02:01:00.000000'),
  (2, 3, 'expert-li', 'solved', '', 1, '2026-10-09 03:00:00.000000');
