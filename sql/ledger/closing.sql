-- Ends of deals. Columns: deal, s, cause (4 won, 5 lost, 6 clean-up).
SELECT deal, exit_s AS s, cause FROM spell WHERE cause IN (4, 5, 6)
