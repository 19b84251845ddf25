-- Applies index entries of one index key, each only if it is newer than what is there.
-- An absence stays as an entry, so that a writer who comes late cannot bring the key back.
-- KEYS: members, entries. ARGV: key, version, '1' (present) or '0:' and the time (absent), and so on.
for i = 1, #ARGV, 3 do
  local key, version, presence = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
  local stored = redis.call('HGET', KEYS[2], key)
  local known = -1
  if stored then
    known = tonumber(string.match(stored, '^%d+'))
  end
  if version > known or (version == known and presence ~= '1') then
    redis.call('HSET', KEYS[2], key, ARGV[i + 1] .. ':' .. presence)
    if presence == '1' then
      redis.call('ZADD', KEYS[1], 0, key)
    else
      redis.call('ZREM', KEYS[1], key)
    end
  end
end
return redis.status_reply('OK')
