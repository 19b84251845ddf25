-- Says which primary this is and what is noted here.
-- KEYS: notes (hash). ARGV: names of partitions. Returns the primary's run id, then for each name its note or nothing.
local reply = { string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') }
for i = 1, #ARGV do
  reply[i + 1] = redis.call('HGET', KEYS[1], ARGV[i])
end
return reply
