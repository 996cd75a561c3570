-- A desk as the first release kept it: a talk under way, a question offered, one that has ended.
INSERT INTO organisation (id, key, kind, name_zh, name_en, region, city, industry, tier, fictional, removed_at) VALUES
  (1, 'zju', 'university', '浙江大学', 'Zhejiang University', '浙江', '杭州', '', 'none', false, NULL),
  (2, NULL, 'enterprise', '宏达压铸厂', '', '浙江', '宁波', 'C', 'little_giant', false, NULL);
INSERT INTO person (id, key, name_zh, name_en, organisation_id, language, languages, fictional, removed_at) VALUES
  (1, NULL, '王老板', '', 2, 'zh', '', false, NULL),
  (2, 'expert-li', '李教授', 'Li', 1, 'zh', 'zh,en', false, NULL),
  (3, 'expert-zhao', '赵博士', '', 1, 'zh', '', false, NULL),
  (4, NULL, '管理员', '', NULL, 'en', '', false, NULL),
  (5, 'gone', '离开的人', '', 1, 'zh', '', false, '2026-10-01 00:00:00.000000');
INSERT INTO role (person_id, role) VALUES (1, 'asker'), (2, 'mentor'), (3, 'liaison'), (4, 'admin');
INSERT INTO chat (chat_id, person_id, state, awaiting, notes, consent_version, consented_at, first_seen) VALUES
  (1001, 1, 'active', 'question', '{"draft": "气孔在浇口附近"}', 1, '2026-11-01 02:00:00.000000', '2026-11-01 01:59:00.000000'),
  (1002, 2, 'active', '', '{}', 1, '2026-11-01 03:00:00.000000', '2026-11-01 03:00:00.000000'),
  (1003, 3, 'blocked', '', '{}', 1, '2026-11-01 03:00:00.000000', '2026-11-01 03:00:00.000000'),
  (7000000001, 4, 'active', '', '{}', 0, NULL, '2026-11-01 03:00:00.000000');
INSERT INTO appointment (id, key, mentor_id, enterprise_id, starts_on, ends_on, appointed_by, ended_at, removed_at) VALUES
  (1, 'a-1', 2, 2, '2026-01-01', '2027-12-31', 4, NULL, NULL);
INSERT INTO dispatch (id, key, student_id, enterprise_id, supervisor_id, starts_on, ends_on, ended_at, removed_at) VALUES
  (1, 'd-1', 3, 2, 2, '2026-01-01', '2027-12-31', NULL, NULL);
INSERT INTO entry (id, key, kind, organisation_id, person_id, title_zh, title_en, summary_zh, summary_en, industries, details, fictional, removed_at) VALUES
  (1, 'expert-li', 'expert', 1, 2, '教授', 'Professor', '高真空压铸', '', 'C', '{"papers": 12}', false, NULL),
  (2, 'patent-1', 'patent', 1, NULL, '一种压铸模具', '', '', '', 'C', '{}', false, '2026-10-01 00:00:00.000000');
INSERT INTO passage (id, key, entry_id, kind, language, year, text) VALUES
  (1, 'expert-li/summary/zh', 1, 'summary', 'zh', NULL, '高真空压铸'),
  (2, 'expert-li/paper/1', 1, 'paper', 'en', 2021, 'Porosity in die casting');
INSERT INTO invite (id, role, person_id, invited_by, invited_at, expires_at, used_at, used_by) VALUES
  (1, 'mentor', 2, 4, '2026-10-31 00:00:00.000000', '2026-11-07 00:00:00.000000', '2026-11-01 03:00:00.000000', 2),
  (2, 'admin', NULL, 4, '2026-11-20 00:00:00.000000', '2026-11-27 00:00:00.000000', NULL, NULL);
INSERT INTO consultation (id, asker_id, enterprise_id, mentor_id, chosen_id, language, question, forwarded, asked_message, stage, asked_at, confirmed_at, accepted_at, ended_at, rating) VALUES
  (1, 1, 2, 2, 2, 'zh', '铝压铸件有气孔，我是宏达的老王', '铝压铸件有气孔', 11, 'active', '2026-11-20 02:00:00.000000', '2026-11-20 02:01:00.000000', '2026-11-20 03:00:00.000000', NULL, NULL),
  (2, 1, 2, NULL, 2, 'zh', '焊缝里全是小气孔', '焊缝里全是小气孔', 21, 'offered', '2026-11-21 02:00:00.000000', '2026-11-21 02:01:00.000000', NULL, NULL, NULL),
  (3, 1, 2, 2, 2, 'en', 'Dies crack early', 'Dies crack early', 31, 'resolved', '2026-10-01 02:00:00.000000', '2026-10-01 02:01:00.000000', '2026-10-01 03:00:00.000000', '2026-10-09 03:00:00.000000', 5);
INSERT INTO candidate (id, consultation_id, rank, entry_key, person_id, evidence, score, strength) VALUES
  (1, 1, 1, 'expert-li', 2, '高真空压铸', 0.9, 'strong'),
  (2, 2, 1, 'expert-li', 2, '高真空压铸', 0.5, 'possible');
INSERT INTO offer (id, consultation_id, person_id, offered_as, state, reason, offered_at, expires_at, ended_at) VALUES
  (1, 1, 2, 'chosen', 'accepted', '', '2026-11-20 02:01:00.000000', '2026-11-21 02:01:00.000000', '2026-11-20 03:00:00.000000'),
  (2, 2, 3, 'next', 'declined', 'no_time', '2026-11-21 02:01:00.000000', '2026-11-22 02:01:00.000000', '2026-11-21 05:00:00.000000'),
  (3, 2, 2, 'next', 'open', '', '2026-11-21 05:00:00.000000', '2026-11-22 05:00:00.000000', NULL);
INSERT INTO message (id, consultation_id, by_asker, chat_id, message_id, reply_to, kind, written_at) VALUES
  (1, 1, true, 1001, 41, NULL, 'text', '2026-11-20 03:05:00.000000'),
  (2, 1, false, 1002, 51, 42, 'photo', '2026-11-20 03:09:00.000000');
INSERT INTO message_pair (id, thread, source_chat, source_message, copy_chat, copy_message) VALUES
  (1, 1, 1001, 41, 1002, 42), (2, 1, 1002, 51, 1001, 52);
INSERT INTO parked (id, chat_id, message_id, reply_to, kind, text, parked_at, settled_at) VALUES
  (1, 1001, 61, NULL, 'text', '这句属于哪一个', '2026-11-21 03:00:00.000000', NULL);
INSERT INTO reload (id, chat_id, admin_id, filename, file_id, path, state, remove, received_at, ended_at) VALUES
  (1, 7000000001, 4, 'experts.csv', 'file-1', 'var/uploads/1.csv', 'applied', false, '2026-10-31 00:00:00.000000', '2026-10-31 00:10:00.000000');
INSERT INTO inbox_update (update_id, lane, raw, received_at, attempts, done_at, quarantined, error) VALUES
  (900, 1001, '{"update_id":900,"message":{"chat":{"id":1001},"text":"还在吗"}}', '2026-11-21 03:10:00.000000', 0, NULL, false, ''),
  (899, 1002, '{"update_id":899}', '2026-11-21 03:09:00.000000', 4, '2026-11-21 03:10:00.000000', true, 'KeyError in x.y, line 3');
INSERT INTO delivery (id, chat_id, priority, state, method, card, "values", language, attachment, thread, slot, source_chat, source_message, reply_chat, reply_message, owed_at, not_before, attempts, sent_at, sent_message, error) VALUES
  (1, 1002, 0, 'sent', 'copyMessage', '', '{}', '', '', 1, '', 1001, 41, NULL, NULL, '2026-11-20 03:05:00.000000', NULL, 1, '2026-11-20 03:05:01.000000', 42, ''),
  (2, 1001, 0, 'queued', 'copyMessage', '', '{}', '', '', 1, '', 1002, 53, NULL, NULL, '2026-11-21 03:09:00.000000', NULL, 0, NULL, NULL, ''),
  (3, 1002, 1, 'sending', '', 'offer', '{"question": "焊缝里全是小气孔"}', 'zh', '', 2, 'offer:3', NULL, NULL, NULL, NULL, '2026-11-21 05:00:00.000000', NULL, 1, NULL, NULL, '');
