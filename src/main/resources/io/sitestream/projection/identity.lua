-- Says which primary has a key: its run id, which is another one after a restart or a failover.
-- KEYS: any key of that primary.
return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or ''
