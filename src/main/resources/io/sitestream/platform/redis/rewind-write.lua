-- Writes notes, unless this is a primary that the writer does not know yet.
-- KEYS: notes (hash). ARGV: the primaries that are known, then name and note for each partition. Returns whether it did.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if not string.find(ARGV[1], run, 1, true) then
  return 0
end
for i = 2, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
return 1
