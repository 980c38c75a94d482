-- Appends a control message to the edition's stream, in one order with the changes.
--
-- KEYS  1 stream  2 meta  3 wake
-- ARGV  1 message, JSON
-- gives seq

local STREAM_ENTRIES = 10000
local WAKE_ENTRIES = 100

local clock = redis.call("TIME")
local at = clock[1] * 1000 + math.floor(clock[2] / 1000)
local seq = redis.call("HINCRBY", KEYS[2], "seq", 1)
redis.call("XADD", KEYS[1], "MAXLEN", "~", STREAM_ENTRIES, seq .. "-0", "at", at, "m", ARGV[1])
redis.call("XADD", KEYS[3], "MAXLEN", "~", WAKE_ENTRIES, seq .. "-0", "m", 1)
return seq
