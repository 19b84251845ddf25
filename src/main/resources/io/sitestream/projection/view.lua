-- Stores a view if it is newer than what is there.
-- KEYS: view. ARGV: version, value, milliseconds to live (0 for ever), '1' to replace an equal version.
-- Returns whether it was stored, and what was there before.
local before = redis.call('GET', KEYS[1])
local known = 0
if before then
  known = tonumber(string.match(before, '^%d+'))
end
local version = tonumber(ARGV[1])
local stored = 0
if version > known or (ARGV[4] == '1' and version == known) then
  if ARGV[3] == '0' then
    redis.call('SET', KEYS[1], ARGV[2])
  else
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  end
  stored = 1
end
return { stored, before }
