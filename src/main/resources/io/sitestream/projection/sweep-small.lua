-- Removes the old absences of one index key, unless it has too many entries to be gone through at once.
-- KEYS: entries. ARGV: second before which an absence is old, most entries. Returns how many were removed, or -1 for too many.
if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[2]) then
  return -1
end
local all, before, removed = redis.call('HGETALL', KEYS[1]), tonumber(ARGV[1]), 0
for i = 1, #all, 2 do
  local since = string.match(all[i + 1], '^%d+:0:(%d+)$')
  if since and tonumber(since) < before then
    removed = removed + redis.call('HDEL', KEYS[1], all[i])
  end
end
return removed
