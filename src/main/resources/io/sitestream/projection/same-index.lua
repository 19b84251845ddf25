-- Compares one index key of two generations where it is stored.
-- KEYS: entries and members of one, entries and members of the other. ARGV: most elements that are looked at.
-- Returns 1 if both list the same with the same versions, 2 if there are too many elements to say, else 0: look yourself.
local most = tonumber(ARGV[1])
local sizes = { redis.call('ZCARD', KEYS[2]), redis.call('ZCARD', KEYS[4]) }
if math.max(sizes[1], sizes[2], redis.call('HLEN', KEYS[1]), redis.call('HLEN', KEYS[3])) > most then
  return 2
end
if sizes[1] ~= sizes[2] then
  return 0
end

local function present(entries)
  local all, versions, count = redis.call('HGETALL', entries), {}, 0
  for i = 1, #all, 2 do
    local version = string.match(all[i + 1], '^(%d+):1$')
    if version then
      versions[all[i]] = version
      count = count + 1
    end
  end
  return versions, count
end

local ours, count = present(KEYS[1])
local theirs, others = present(KEYS[3])
if count ~= sizes[1] or others ~= sizes[1] then
  return 0
end
for _, members in ipairs({ KEYS[2], KEYS[4] }) do
  for _, key in ipairs(redis.call('ZRANGE', members, 0, -1)) do
    if not ours[key] or ours[key] ~= theirs[key] then
      return 0
    end
  end
end
return 1
