-- Compares some keys of one index key of two generations where it is stored.
-- KEYS: entries and members of one, entries and members of the other. ARGV: keys, at most some thousands.
-- Returns, counted from 1, those of the keys that are not listed in both with the same version, or in neither.
local function sides(entries, members)
  return redis.call('HMGET', entries, unpack(ARGV)), redis.call('ZMSCORE', members, unpack(ARGV))
end

local function present(entry)
  return entry and string.match(entry, '^(%d+):1$') or false
end

local ours, ourMembers = sides(KEYS[1], KEYS[2])
local theirs, theirMembers = sides(KEYS[3], KEYS[4])
local others = {}
for i = 1, #ARGV do
  local our, their = present(ours[i]), present(theirs[i])
  if our ~= their or (our and true) ~= (ourMembers[i] and true) or (their and true) ~= (theirMembers[i] and true) then
    others[#others + 1] = i
  end
end
return others
