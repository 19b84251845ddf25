-- A view is its version, '@' and an offset, a line feed, and a body that a marker has not.
-- Stores a view if what is there is still what its writer has seen, and takes back what the writer intended.
-- KEYS: view, intent. ARGV: version seen (0 for none), whether that was a marker ('1' or '0'), value,
-- milliseconds to live (0 for ever), then the index keys that the writer has dealt with.
-- Returns whether it was stored, and the index keys that others intended meanwhile.
local before = redis.call('GET', KEYS[1])
local version, marker = 0, '0'
if before then
  version = tonumber(string.match(before, '^%d+'))
  if string.match(before, '^[%d@]+\n$') then
    marker = '1'
  end
end
if version ~= tonumber(ARGV[1]) or marker ~= ARGV[2] then
  return { 0 }
end
if ARGV[4] == '0' then
  redis.call('SET', KEYS[1], ARGV[3])
else
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
end
for i = 5, #ARGV do
  redis.call('SREM', KEYS[2], ARGV[i])
end
local others = redis.call('SMEMBERS', KEYS[2])
table.insert(others, 1, 1)
return others
