-- Appends notifications to one channel's log, all or none of the script.
-- KEYS: state (hash), log (stream); both in the channel's slot
-- ARGV: epoch of a new log, time to live (ms), entries kept, name of the hint channel,
--       then for each notification: account, source, sequence, type, body
-- Sequences come as digits of equal length, so that they compare as text: numbers in Lua are exact only up to 2^53.
-- Returns: how many were appended, were repeated, were of a foreign account
local state, log = KEYS[1], KEYS[2]
local ttl, kept = ARGV[2], ARGV[3]
local account = redis.call('HGET', state, 'account')
local last = tonumber(redis.call('HGET', state, 'last') or '0')
local appended, repeated, foreign = 0, 0, 0

for i = 5, #ARGV, 5 do
  if not account then
    account = ARGV[i]
    redis.call('DEL', log)
    redis.call('HSET', state, 'account', account, 'epoch', ARGV[1], 'last', '0')
    redis.call('PEXPIRE', state, ttl)
  end
  if account ~= ARGV[i] then
    foreign = foreign + 1
  else
    local source = 'source:' .. ARGV[i + 1]
    local seen = redis.call('HGET', state, source)
    if seen and ARGV[i + 2] <= seen then
      repeated = repeated + 1
    else
      last = last + 1
      local position = string.format('%.0f', last)
      redis.call('XADD', log, 'MAXLEN', kept, position .. '-0', 'type', ARGV[i + 3], 'body', ARGV[i + 4])
      redis.call('HSET', state, source, ARGV[i + 2], 'last', position)
      appended = appended + 1
    end
  end
end

if appended > 0 then
  redis.call('PEXPIRE', log, ttl)
  redis.call('PEXPIRE', state, ttl)
  redis.call('PUBLISH', ARGV[4], string.format('%.0f', last))
end
return { appended, repeated, foreign }
