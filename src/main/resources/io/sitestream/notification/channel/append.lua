-- Appends notifications to one channel's log, all or none of the script.
-- KEYS: state (hash), log (stream); both in the channel's slot
-- ARGV: epoch of a new log, time to live (ms), entries kept, name of the hint channel, run ids of the primaries that the
--       writer knows or '*' for any, '1' if it has gone back far enough for all that was lost, offset below which it repeats,
--       then for each notification: account, source, sequence, offset, type, body, trace
-- Sequences come as digits of equal length, so that they compare as text: numbers in Lua are exact only up to 2^53.
-- A primary that the writer does not know may have lost entries, which have to come first: it takes nothing.
-- Entries that were lost give back their positions, and clients may have seen these: so the epoch changes, once for each
-- primary, when something is repeated that is not there, or anything comes where what was lost may never come again.
-- A log that began behind something that is repeated was begun before the loss was noticed: it begins again.
-- Returns: nothing if this primary is not known; else how many were appended, were repeated, were of a foreign account
local state, log = KEYS[1], KEYS[2]
local ttl, kept = ARGV[2], ARGV[3]
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if ARGV[5] ~= '*' and not string.find(ARGV[5], run, 1, true) then
  return {}
end
local known = redis.call('HMGET', state, 'account', 'last', 'run', 'from')
local account, last, written, from = known[1], tonumber(known[2] or '0'), known[3], known[4] and tonumber(known[4])
local appended, repeated, foreign = 0, 0, 0

local function begin(owner)
  account, last, written, from = owner, 0, run, nil
  redis.call('DEL', state, log)
  redis.call('HSET', state, 'account', account, 'epoch', ARGV[1], 'last', '0', 'run', run)
  redis.call('PEXPIRE', state, ttl)
end

for i = 8, #ARGV, 7 do
  local offset = tonumber(ARGV[i + 3])
  local again = offset < tonumber(ARGV[7])
  if not account or (again and account == ARGV[i] and from and offset < from) then
    begin(ARGV[i])
  end
  if account ~= ARGV[i] then
    foreign = foreign + 1
  else
    local source = 'source:' .. ARGV[i + 1]
    local seen = redis.call('HGET', state, source)
    if seen and ARGV[i + 2] <= seen then
      repeated = repeated + 1
    else
      if written ~= run then
        if last > 0 and (again or ARGV[6] ~= '1') then
          redis.call('HSET', state, 'epoch', ARGV[1])
        end
        redis.call('HSET', state, 'run', run)
        written = run
      end
      if not from then
        from = offset
        redis.call('HSET', state, 'from', ARGV[i + 3])
      end
      last = last + 1
      local position = string.format('%.0f', last)
      redis.call('XADD', log, 'MAXLEN', kept, position .. '-0', 'type', ARGV[i + 4], 'body', ARGV[i + 5],
        'trace', ARGV[i + 6])
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
