-- Compares one view of two generations where it is stored. KEYS: the view in one, in the other. Returns 1 if both are the
-- same bytes, or nothing.
return redis.call('GET', KEYS[1]) == redis.call('GET', KEYS[2]) and 1 or 0
