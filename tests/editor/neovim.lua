-- What somebody does in Neovim with a file of replies that is open: reads what is underlined, takes the first quick fix, puts
-- right what is safe, and saves. What was seen goes to the file that SEEN names, a line each.
local seen = {}

local function see(what)
  table.insert(seen, (what:gsub("\n", " ")))
end

local function leave()
  vim.fn.writefile(seen, vim.env.SEEN)
  vim.cmd("quitall!")
end

local function wait_for(what, is_there)
  if not vim.wait(30000, is_there, 10) then
    see("waited in vain for " .. what)
    leave()
  end
end

local function look()
  local told = vim.diagnostic.get(0)
  table.sort(told, function(one, other) return one.lnum * 1000 + one.col < other.lnum * 1000 + other.col end)
  for _, diagnostic in ipairs(told) do
    see(string.format("%d:%d-%d %s: %s", diagnostic.lnum, diagnostic.col, diagnostic.end_col, diagnostic.source, diagnostic.message))
  end
end

-- Of several actions somebody takes the first.
vim.ui.select = function(items, _, choose)
  for _, item in ipairs(items) do
    see("offered: " .. (item.action or item[2]).title)
  end
  choose(items[1], 1)
end

local function act(what, options)
  local before = vim.api.nvim_buf_get_changedtick(0)
  vim.lsp.buf.code_action(options)
  wait_for(what, function() return vim.api.nvim_buf_get_changedtick(0) ~= before end)
end

local server = { name = "phrase-lint", cmd = { vim.env.PHRASE_LINT, "lsp" }, root_dir = vim.fn.getcwd() }
if vim.lsp.start then
  vim.lsp.start(server)
else
  -- Before 0.8.
  vim.lsp.buf_attach_client(0, vim.lsp.start_client(server))
end
wait_for("diagnostics", function() return #vim.diagnostic.get(0) > 0 end)
look()
vim.fn.search("必须")
act("the quick fix", nil)
act("what is safe", { context = { only = { "source.fixAll.phrase-lint" }, diagnostics = {} }, apply = true })
wait_for("the end of diagnostics", function() return #vim.diagnostic.get(0) == 0 end)
vim.cmd("silent write")
leave()
