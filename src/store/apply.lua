-- Applies one change of one item in one step: item, history, orders, logs, the edition's stream.
--
-- KEYS  1 item  2 history  3 stream  4 meta  5 lines  6 aliases  7 killed  8 due  9 command  10 audit  11 wake
--       then for each channel of the head: order, log
-- ARGV  1 write number the caller has read (0 = the item is unknown)
--       2 deadline in ms of this clock, 0 = none
--       3 head, JSON: id, revision, score, keep (the record keeps its text), command, commandSeconds,
--         urgent (readers must have it before anything else), channels [{c, line, k = put|remove, e, op}],
--         aliases [{field, id, mode}], audit (JSON or false), killed [field], due [[member, score or false]]
--       4 record, JSON   5 public projection or ""   6 desk projection or ""
--       7.. pairs: revision, history entry (revisions that this change supersedes)
-- gives {"ok", write number, at ms, seq, channel, epoch, offset, …}
--       {"conflict"}            someone wrote first: read again and decide again
--       {"late"}                the deadline has passed: nothing was done, nothing will be
--       {"done", result JSON}   this command was carried out before
--       {"alias", field, id}    the identity was taken by another item meanwhile

local AUDIT_ENTRIES = 100000
local LOG_ENTRIES = 10000
local LOG_BYTES = 8 * 1024 * 1024
local STREAM_ENTRIES = 10000
local WAKE_ENTRIES = 100
-- After so long a pause a line's next change is a first one, which leaves at once.
local PAUSE_MS = 50

local item, history, stream, meta = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local head = cjson.decode(ARGV[3])

if head.command then
  local done = redis.call("GET", KEYS[9])
  if done then return { "done", done } end
end
local clock = redis.call("TIME")
local at = clock[1] * 1000 + math.floor(clock[2] / 1000)
local deadline = tonumber(ARGV[2])
if deadline > 0 and at > deadline then return { "late" } end
if tonumber(redis.call("HGET", item, "n") or "0") ~= tonumber(ARGV[1]) then return { "conflict" } end
for _, alias in ipairs(head.aliases) do
  if alias.mode == "claim" then
    local taken = redis.call("HGET", KEYS[6], alias.field)
    if taken and taken ~= alias.id then return { "alias", alias.field, taken } end
  end
end

-- The item and what is known of it.
local n = redis.call("HINCRBY", item, "n", 1)
redis.call("HSET", item, "r", head.revision, "j", ARGV[4])
for field, value in pairs({ p = ARGV[5], d = ARGV[6] }) do
  if value == "" then redis.call("HDEL", item, field) else redis.call("HSET", item, field, value) end
end
if head.keep then
  for i = 7, #ARGV, 2 do redis.call("HSETNX", history, ARGV[i], ARGV[i + 1]) end
else
  redis.call("DEL", history)
end
for _, alias in ipairs(head.aliases) do
  redis.call(alias.mode == "first" and "HSETNX" or "HSET", KEYS[6], alias.field, alias.id)
end
for _, field in ipairs(head.killed) do redis.call("HSET", KEYS[7], field, head.id) end
for _, due in ipairs(head.due) do
  if due[2] then redis.call("ZADD", KEYS[8], due[2], due[1]) else redis.call("ZREM", KEYS[8], due[1]) end
end

local function trim(log, channel, added)
  local bytes = redis.call("HINCRBY", meta, "b:" .. channel, added)
  while bytes > LOG_BYTES or redis.call("XLEN", log) > LOG_ENTRIES do
    local oldest = redis.call("XRANGE", log, "-", "+", "COUNT", 1)[1]
    if not oldest then break end
    local size = 0
    for i = 1, #oldest[2], 2 do
      if oldest[2][i] == "j" then size = #oldest[2][i + 1] end
    end
    redis.call("XDEL", log, oldest[1])
    bytes = redis.call("HINCRBY", meta, "b:" .. channel, -size)
  end
end

-- Orders and logs, channel by channel.
local places, places_json, positions = {}, {}, {}
local wakes = head.urgent
for i, step in ipairs(head.channels) do
  local order, log = KEYS[10 + 2 * i], KEYS[11 + 2 * i]
  local epoch = redis.call("HGET", meta, "e:" .. step.c)
  if not epoch then
    epoch = step.e
    redis.call("HSET", meta, "e:" .. step.c, epoch)
    redis.call("HSETNX", KEYS[5], step.line, "{}")
  end
  local offset = redis.call("HINCRBY", meta, "o:" .. step.c, 1)
  if at - tonumber(redis.call("HGET", meta, "t:" .. step.c) or "0") > PAUSE_MS then wakes = true end
  redis.call("HSET", meta, "t:" .. step.c, at)
  local op = step.op
  if step.k == "put" then
    redis.call("ZADD", order, head.score, head.id)
    op = '{"op":"put","item":' .. (string.sub(step.c, 1, 5) == "desk:" and ARGV[6] or ARGV[5]) .. "}"
  else
    redis.call("ZREM", order, head.id)
  end
  redis.call("XADD", log, offset .. "-0", "at", at, "i", head.id, "v", head.revision, "k", step.k, "j", op)
  trim(log, step.c, #op)
  places[#places + 1] = step.c
  places[#places + 1] = epoch
  places[#places + 1] = offset
  places_json[i] = { step.c, epoch, offset, step.k, step.reason or false }
  positions[step.c] = epoch .. ":" .. string.format("%d", offset)
end

local seq = 0
if #places_json > 0 then
  seq = redis.call("HINCRBY", meta, "seq", 1)
  redis.call("XADD", stream, "MAXLEN", "~", STREAM_ENTRIES, seq .. "-0",
    "at", at, "i", head.id, "v", head.revision, "s", head.score,
    "p", ARGV[5], "d", ARGV[6], "c", cjson.encode(places_json))
  if wakes then redis.call("XADD", KEYS[11], "MAXLEN", "~", WAKE_ENTRIES, seq .. "-0", "i", head.id) end
end

if head.audit then redis.call("XADD", KEYS[10], "MAXLEN", "~", AUDIT_ENTRIES, "*", "j", head.audit) end
if head.command then
  local result = cjson.encode({ id = head.id, revision = head.revision, at = at, positions = positions })
  redis.call("SET", KEYS[9], result, "EX", head.commandSeconds)
end
local answer = { "ok", n, at, seq }
for _, place in ipairs(places) do answer[#answer + 1] = place end
return answer
