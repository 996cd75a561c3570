-- What the fourth release added; SEAL('...') stands for what was kept sealed.
UPDATE chat SET current_id = 1, current_since = '2026-11-20 03:05:00.000000' WHERE chat_id = 1001;
UPDATE consultation SET level = 'nda', file_text = SEAL('图纸第三页'), kept = SEAL('["王"]'), shared = SEAL('["s1"]'), enclosed = 1024 WHERE id = 2;
UPDATE consultation SET rated_for = 'answer' WHERE id = 3;
UPDATE message SET text = SEAL('浇口速度要多少？'), entities = SEAL('[{"type": "bold"}]'), receipt = 3 WHERE id = 1;
UPDATE message SET text = SEAL('看这里'), file = SEAL('{"id": "f-1"}'), album = 'a-9', writer = SEAL('李教授'), version = 1, edited_at = '2026-11-20 03:10:00.000000' WHERE id = 2;
UPDATE parked SET consultation_id = 1, waits_for = 'consent', rest = SEAL('{"quote": "x"}') WHERE id = 1;
INSERT INTO delivery (id, chat_id, priority, state, method, card, "values", language, attachment, thread, slot, source_chat, source_message, owed_at, attempts, error, topic, album) VALUES
  (4, 1003, 1, 'held', '', 'follow_up', SEAL('{"consultation": 3}'), 'zh', '', 3, '', NULL, NULL, '2026-11-21 05:00:00.000000', 0, 'blocked', 77, '');
INSERT INTO message_version (id, message_id, number, text, entities, file, replaced_at) VALUES
  (1, 2, 0, SEAL('看这'), SEAL('[]'), SEAL('{"id": "f-0"}'), '2026-11-20 03:10:00.000000');
INSERT INTO topic (id, chat_id, thread, name, state, number, owed_at) VALUES (1, 1001, 1, '#1', 'open', 77, '2026-11-20 03:05:00.000000');
INSERT INTO consent (id, person_id, version, language, agreed_at) VALUES (1, 1, 1, 'zh', '2026-11-01 02:00:00.000000');
INSERT INTO command_menu (chat_id, menu) VALUES (1001, 'asker:zh');
INSERT INTO mentor_desk (person_id, capacity, away_until, time_zone, digest, digest_at) VALUES (2, 3, '2026-12-01 00:00:00.000000', 'Asia/Shanghai', true, '2026-11-30 01:00:00.000000');
INSERT INTO lab_group (id, chat_id, title, mentor_id, state, reason, asked_at, decided_by, decided_at, ended_at) VALUES
  (1, -1001234567890, '李课题组', 2, 'bound', '', '2026-11-02 00:00:00.000000', 4, '2026-11-02 01:00:00.000000', NULL);
INSERT INTO canned_answer (id, person_id, name, text, entities, saved_at) VALUES (1, 2, SEAL('排气'), SEAL('先查排气槽'), SEAL('[]'), '2026-11-03 00:00:00.000000');
INSERT INTO undertaking (id, version, language, digest, text) VALUES (1, 1, 'zh', '0000000000000000000000000000000000000000000000000000000000000001', '保密承诺');
INSERT INTO agreement (id, person_id, undertaking_id, version, digest, consultation_id, agreed_at) VALUES
  (1, 2, 1, 1, '0000000000000000000000000000000000000000000000000000000000000001', 2, '2026-11-21 05:10:00.000000');
INSERT INTO answer (id, consultation_id, asker_id, mentor_id, language, question, parts, version, shown, state, mentor_approved, asker_approved, entry_key, indexed, drafted_at, ended_at) VALUES
  (1, 3, 1, 2, 'en', SEAL('Dies crack early'), SEAL('["Preheat to 200 C"]'), 1, 1, 'public', true, true, 'answer-3', true, '2026-10-10 00:00:00.000000', NULL);
INSERT INTO closing (id, consultation_id, solved, closed_at, asked_at, holds, reopened_at) VALUES (1, 3, true, '2026-10-09 03:00:00.000000', '2026-10-23 03:00:00.000000', true, NULL);
INSERT INTO quiet (consultation_id, since, warned_at, admins_at) VALUES (1, '2026-11-20 03:09:00.000000', NULL, NULL);
INSERT INTO transcript (id, consultation_id, chat_id, state, attempts, path, wanted_at, ended_at) VALUES (1, 3, 1001, 'swept', 1, 'var/transcripts/1.zip', '2026-10-09 04:00:00.000000', '2026-10-09 05:00:00.000000');
INSERT INTO follow (id, consultation_id, person_id, followed_as, state, reading, told, read_to, invited_at, answered_at) VALUES
  (1, 1, 3, 'liaison', 'following', 'asked', 'active', 1, '2026-11-20 03:06:00.000000', '2026-11-20 03:07:00.000000');
INSERT INTO internal_note (id, consultation_id, writer_id, text, written_at) VALUES (1, 1, 2, SEAL('老客户，耐心些'), '2026-11-20 03:20:00.000000');
INSERT INTO transfer (id, consultation_id, from_id, to_id, by_id, reason, state, proposed_at, expires_at, ended_at) VALUES
  (1, 1, 2, 3, 2, SEAL('出差'), 'proposed', '2026-11-21 00:00:00.000000', '2026-11-22 00:00:00.000000', NULL);
INSERT INTO escalation (id, consultation_id, liaison_id, to_id, offer_id, note, escalated_at) VALUES (1, 2, 3, 2, 2, SEAL('请李老师看'), '2026-11-21 05:00:00.000000');
INSERT INTO report (id, consultation_id, reporter_id, reported_id, text, state, reported_at, decided_by, decided_at) VALUES
  (1, 3, 1, 2, SEAL('态度不好'), 'banned', '2026-10-02 00:00:00.000000', 4, '2026-10-03 00:00:00.000000');
INSERT INTO ban (id, person_id, reason, report_id, banned_by, banned_at, lifted_by, lifted_at) VALUES
  (1, 2, SEAL('态度'), 1, 4, '2026-10-03 00:00:00.000000', 4, '2026-10-04 00:00:00.000000');
INSERT INTO appeal (id, ban_id, person_id, text, made_at, granted, decided_by, decided_at) VALUES (1, 1, 2, SEAL('误会'), '2026-10-03 12:00:00.000000', true, 4, '2026-10-04 00:00:00.000000');
INSERT INTO look (id, consultation_id, admin_id, chat_id, reason, state, asked_at, pages, opened_at, ends_at) VALUES
  (1, 3, 4, 7000000001, SEAL('投诉'), 'over', '2026-10-02 01:00:00.000000', 2, '2026-10-02 01:01:00.000000', '2026-10-02 02:00:00.000000');
INSERT INTO audit (id, at, actor_id, act, consultation_id, reason, previous, hash) VALUES
  (1, '2026-10-02 01:01:00.000000', 4, 'look', 3, SEAL('投诉'), '', '00000000000000000000000000000000000000000000000000000000000000aa');
INSERT INTO act (id, at, act, actor_id, subject_id, consultation_id, figures) VALUES (1, '2026-10-03 00:00:00.000000', 'ban', 4, 2, 3, '{"n": 1}');
