-- Begins every log anew, when the end of the old ones may be lost: a position that a client holds must never
-- mean something else than it did.
--
-- KEYS  1 meta  2 stream  3 run  then the log of each channel
-- ARGV  1 the last seq the caller has seen: the stream goes on above it
--       2 run id of this Redis, or "" to leave it
--       3 message, JSON
--       then for each channel: name, the epoch the caller knows or "", new epoch
-- gives {"ok", seq}
--       {"already"}   someone has renewed since
--       {"retry"}     there is a channel the caller does not know: read again

local STREAM_ENTRIES = 10000

local meta = KEYS[1]
local known = {}
for i = 4, #ARGV, 3 do
  known[ARGV[i]] = true
  local epoch = redis.call("HGET", meta, "e:" .. ARGV[i])
  if epoch and ARGV[i + 1] ~= "" and epoch ~= ARGV[i + 1] then return { "already" } end
end
for _, field in ipairs(redis.call("HKEYS", meta)) do
  if string.sub(field, 1, 2) == "e:" and not known[string.sub(field, 3)] then return { "retry" } end
end

local n = 0
for i = 4, #ARGV, 3 do
  n = n + 1
  redis.call("HSET", meta, "e:" .. ARGV[i], ARGV[i + 2])
  redis.call("HDEL", meta, "o:" .. ARGV[i], "b:" .. ARGV[i])
  redis.call("DEL", KEYS[3 + n])
end
if ARGV[2] ~= "" then redis.call("SET", KEYS[3], ARGV[2]) end

local clock = redis.call("TIME")
local at = clock[1] * 1000 + math.floor(clock[2] / 1000)
local seq = math.max(tonumber(redis.call("HGET", meta, "seq") or "0"), tonumber(ARGV[1])) + 1
redis.call("HSET", meta, "seq", string.format("%d", seq))
redis.call("XADD", KEYS[2], "MAXLEN", "~", STREAM_ENTRIES, string.format("%d", seq) .. "-0", "at", at, "m", ARGV[3])
return { "ok", seq }
