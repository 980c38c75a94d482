-- Tells who reads at one gateway, and reads what all others told, in one step. Who has not told for too long is
-- taken off the list: a gateway that died vanishes by itself.
--
-- KEYS  1 presence: gateway → "<at> <JSON>"
-- ARGV  1 gateway  2 JSON, empty = it leaves  3 how long it counts, in ms
-- gives now, then gateway and value of each that is there

local clock = redis.call("TIME")
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local lifetime = tonumber(ARGV[3])

if ARGV[2] == "" then
  redis.call("HDEL", KEYS[1], ARGV[1])
else
  redis.call("HSET", KEYS[1], ARGV[1], string.format("%.0f", now) .. " " .. ARGV[2])
  redis.call("PEXPIRE", KEYS[1], ARGV[3])
end

local there = { now }
local told = redis.call("HGETALL", KEYS[1])
for i = 1, #told, 2 do
  local at = tonumber(string.match(told[i + 1], "^%d+")) or 0
  if now - at > lifetime then
    redis.call("HDEL", KEYS[1], told[i])
  else
    there[#there + 1] = told[i]
    there[#there + 1] = told[i + 1]
  end
end
return there
