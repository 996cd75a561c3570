-- What the third release added.
UPDATE consultation SET choices = '["压铸", "焊接"]', choice = 1 WHERE id = 1;
