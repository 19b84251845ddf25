-- A migration takes as long as its rows take, not as long as a statement of a function may. It waits for a lock until those
-- that hold one have come to the end that the pool sets them (application.yml).
set local statement_timeout = 0;
set local lock_timeout = '20s';
