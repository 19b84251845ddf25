-- Reads a page of one channel's log, and takes the channel for the account when nobody has it.
-- KEYS: state (hash), log (stream); both in the channel's slot
-- ARGV: account, epoch of a new log, time to live (ms), position after which to read, most entries, most bytes
-- Returns: nothing for a foreign account; else epoch, last position, first position kept,
--          then for each entry: position, type, body, trace. At least one entry comes when there is one, whatever its size.
local state, log = KEYS[1], KEYS[2]
local account = redis.call('HGET', state, 'account')

if not account then
  redis.call('DEL', log)
  redis.call('HSET', state, 'account', ARGV[1], 'epoch', ARGV[2], 'last', '0')
  redis.call('PEXPIRE', state, ARGV[3])
elseif account ~= ARGV[1] then
  return {}
elseif redis.call('PTTL', state) * 2 < tonumber(ARGV[3]) then
  -- a channel that somebody listens to keeps its owner and its positions
  redis.call('PEXPIRE', state, ARGV[3])
end

local function position(entry)
  return (string.gsub(entry[1], '%-0$', ''))
end

local last = redis.call('HGET', state, 'last')
local head = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)
local first = head[1] and position(head[1]) or string.format('%.0f', tonumber(last) + 1)
local page = { redis.call('HGET', state, 'epoch'), last, first }

if tonumber(ARGV[4]) < tonumber(last) then
  local entries = redis.call('XRANGE', log, '(' .. ARGV[4] .. '-0', '+', 'COUNT', ARGV[5])
  local bytes = 0
  for i, entry in ipairs(entries) do
    bytes = bytes + #entry[2][4]
    if i > 1 and bytes > tonumber(ARGV[6]) then
      break
    end
    page[#page + 1] = position(entry)
    page[#page + 1] = entry[2][2]
    page[#page + 1] = entry[2][4]
    -- entries of older versions have none
    page[#page + 1] = entry[2][6] or ''
  end
end
return page
