-- Renews a lease, or gives it back.
-- KEYS: lease. ARGV: owner, milliseconds (0 to give it back).
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[1])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
