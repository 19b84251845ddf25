-- Replaces a projection's catalogue and moves its pointer with it, unless somebody else has changed the catalogue.
-- KEYS: catalogue, pointer. ARGV: the catalogue as it was read ('' for none), the new one, the serving generation ('' for none).
local before = redis.call('GET', KEYS[1]) or ''
if before ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2])
if ARGV[3] == '' then
  redis.call('DEL', KEYS[2])
elseif redis.call('GET', KEYS[2]) ~= ARGV[3] then
  redis.call('SET', KEYS[2], ARGV[3])
end
return 1
