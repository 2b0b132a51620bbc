-- How an invitation's situations are chosen: 0 = by information at the mean (links of before), 1 = by
-- how much an answer is expected to narrow what is known (stat/cat.h), so that each plays again as asked.
ALTER TABLE invitation ADD COLUMN chooses INTEGER NOT NULL DEFAULT 0 CHECK (chooses IN (0, 1))
