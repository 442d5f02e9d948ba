-- What a crawler thinks up: parameters that no page knows, days, words, and pages that nobody wrote.
math.randomseed(os.time())
request = function()
  local n = math.random(1, 1000000000)
  local paths = {
    "/?utm_source=" .. n, "/therapies/?q=word" .. n, "/approvals/?on=19" .. (n % 90 + 10) .. "-01-0" .. (n % 9 + 1),
    "/nothing-" .. n .. "/", "/therapies/pembrolizumab/?x=" .. n, "/glossary/?q=" .. n,
  }
  return wrk.format("GET", paths[n % 6 + 1])
end
