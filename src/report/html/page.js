'use strict';
// The page's data stands in JSON blocks behind this script. What the first screen needs is in the first of them;
// the violations are read when the page has been shown, a conversation when it is opened. Text from a transcript
// only ever becomes the text of a node.
(() => {
  const byId = (id) => document.getElementById(id);
  const read = (node) => JSON.parse(node.textContent);
  const totals = read(byId('totals'));
  const words = totals.labels;
  const summary = totals.summary;
  const severities = ['info', 'warning', 'error'];
  const faults = summary.by_severity.error + summary.by_severity.warning;
  const number = new Intl.NumberFormat(totals.language);
  const count = (value) => number.format(value);
  const fill = (text, ...values) => text.replace(/\{(\d)\}/g, (_, at) => values[at]);
  // Half up, in whole numbers, as in every other form of report (rounding.rs).
  const rounded = (part, whole) => (whole ? Math.floor((part * 2 + whole) / (whole * 2)) : 0);
  const tenths = (part, whole) => rounded(part * 10, whole) / 10;
  const percent = (part, whole) => (whole ? `${rounded(part * 100, whole)}%` : '–');
  const average = (sums) => tenths(sums.scores, sums.conversations);
  const perHundred = (sums, word) => (sums.courtesy ? tenths((sums.courtesy.words[word] || 0) * 100, sums.courtesy.agent_turns) : 0);
  const isWide = () => matchMedia('(min-width: 60.01rem)').matches;

  // Codes that would act on the text around them are shown instead, as in every other form of report.
  const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
  const visible = (text) => text.replace(acting, (code) => {
    const at = code.codePointAt(0);
    return at === 9 ? ' ' : at < 32 ? String.fromCharCode(0x2400 + at) : `\\u{${at.toString(16)}}`;
  });
  const oneLine = (text) => visible(text).replace(/\n/g, '␊');

  function make(tag, properties = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (value === undefined || value === false) continue;
      if (name in node && name !== 'role') node[name] = value;
      else node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children);
    return node;
  }

  const agentName = (agent) => (totals.agents[agent] === null ? words.no_agent : visible(totals.agents[agent]));

  // ---- The overview, from the sums.

  function card(title, value, below) {
    const parts = [make('dt', {}, title), make('dd', {}, value)];
    if (below) parts.push(make('dd', {}, ...below));
    byId('cards').append(make('div', {}, ...parts));
  }

  function overview() {
    const all = totals.total;
    const files = totals.files.map(visible);
    const days = totals.days;
    const period = days.length ? [days[0][0], days[days.length - 1][0]] : [];
    const about = [files.slice(0, 3).join('、') + (totals.file_count > 3 ? ` … ×${count(totals.file_count)}` : '')];
    if (period.length) about.push(period[0] === period[1] ? period[0] : `${period[0]} – ${period[1]}`);
    byId('about').textContent = about.filter(Boolean).join(' · ');

    card(words.conversations, count(summary.conversations));
    card(words.pass_rate, percent(all.passed, all.conversations), [`${words.pass_line} ${totals.pass}`]);
    card(words.average, all.conversations ? average(all).toFixed(1) : '–');
    const split = ['error', 'warning'].flatMap((name) => {
      const part = make('span', { className: name }, `${words[name]} ${count(summary.by_severity[name])}`);
      return [part, ' · '];
    });
    // Infos are no violations to be counted, and told apart.
    const infos = summary.by_severity.info;
    if (infos) split.push(make('span', { className: 'info' }, fill(words.and_infos, count(infos))));
    else split.pop();
    card(words.violation_count, count(faults), split);
    if (all.fatal) card(words.fatal, count(all.fatal));
    card(words.affected, count(totals.affected), [percent(totals.affected, summary.conversations)]);
    if (totals.courtesy.length) {
      const said = totals.courtesy.flatMap(([word, shown]) => [make('span', {}, `${shown} ${perHundred(summary, word).toFixed(1)}`), ' ']);
      const title = make('dt', {}, words.courtesy);
      byId('cards').append(make('div', { className: 'words' }, title, make('dd', {}, ...said)));
    }
    const hidden = (summary.suppressed || 0) + (summary.baselined || 0);
    byId('hidden').hidden = !hidden;
    byId('hidden').textContent = fill(words.hidden, count(hidden));
    byId('untimed').hidden = !summary.untimed;
    byId('untimed').textContent = fill(words.untimed, count(summary.untimed || 0));
  }

  function bar(label, value, most) {
    const filled = make('span');
    filled.style.width = `${most ? (value * 100) / most : 0}%`;
    return [make('span', { title: label }, label), make('span', { className: 'track' }, filled), make('span', { className: 'count' }, count(value))];
  }

  function categories() {
    const groups = new Map();
    totals.rules.forEach((rule, at) => {
      if (!rule.hits) return;
      if (!groups.has(rule.category)) groups.set(rule.category, { hits: 0, rules: [] });
      const group = groups.get(rule.category);
      group.hits += rule.hits;
      group.rules.push([rule, at]);
    });
    const sorted = [...groups].sort((one, other) => other[1].hits - one[1].hits);
    const most = sorted.length ? sorted[0][1].hits : 0;
    for (const [name, group] of sorted) {
      const rules = group.rules.sort((one, other) => other[0].hits - one[0].hits).map(([rule, at]) => {
        const button = make('button', { type: 'button' }, ...bar(visible(rule.title), rule.hits, most));
        button.addEventListener('click', () => { byId('rule').value = String(at); changed(); show(); });
        return button;
      });
      byId('categories').append(make('details', {}, make('summary', {}, ...bar(visible(totals.categories[name] || name), group.hits, most)), ...rules));
    }
    if (!sorted.length) byId('categories').append(make('p', { className: 'hint' }, words.none_found));
  }

  // A day without conversations is a gap, not nothing.
  function everyDay(days) {
    if (!days.length) return [];
    const names = [];
    const last = Date.parse(days[days.length - 1][0]);
    for (let at = Date.parse(days[0][0]); at <= last; at += 86400000) names.push(new Date(at).toISOString().slice(0, 10));
    return names;
  }

  let day = '';
  function trend() {
    // More bars than that cannot be told apart.
    const span = totals.days.length ? Date.parse(totals.days[totals.days.length - 1][0]) - Date.parse(totals.days[0][0]) : 0;
    const monthly = span > 100 * 86400000;
    const sums = new Map(monthly ? [] : everyDay(totals.days).map((name) => [name, [0, 0]]));
    for (const [name, conversations, violations] of totals.days) {
      const key = monthly ? name.slice(0, 7) : name;
      const sum = sums.get(key) || [0, 0];
      sums.set(key, [sum[0] + conversations, sum[1] + violations]);
    }
    if (sums.size < 2 || !faults) return;
    byId('trend').hidden = false;
    byId('trend-title').textContent = monthly ? words.by_month : words.by_day;
    const most = Math.max(...[...sums.values()].map((sum) => sum[1]), 1);
    for (const [key, [conversations, violations]] of sums) {
      const filled = make('span');
      filled.style.height = `${(violations * 100) / most}%`;
      const told = `${key}: ${words.violation_count} ${count(violations)}, ${words.conversations} ${count(conversations)}`;
      const button = make('button', { type: 'button', title: told, 'aria-label': told, 'aria-pressed': 'false' }, filled);
      button.dataset.day = key;
      button.addEventListener('click', () => { day = day === key ? '' : key; changed(); });
      byId('days').append(button);
    }
    const names = [...sums.keys()];
    byId('axis').append(make('span', {}, names[0]), make('span', {}, `↑ ${count(most)}`), make('span', {}, names[names.length - 1]));
  }

  const few = 50;
  let allAgents = false;
  let order = { column: 3, down: false };
  const columns = [
    [words.agent, (row) => row.name],
    [words.conversations, (row) => row.sums.conversations],
    [words.pass_rate, (row) => row.sums.passed / Math.max(row.sums.conversations, 1)],
    [words.average, (row) => row.sums.scores / Math.max(row.sums.conversations, 1)],
    [words.violation_count, (row) => row.faults],
    [words.per_hundred, (row) => (row.faults * 100) / Math.max(row.sums.conversations, 1)],
    [words.info_count, (row) => row.infos],
    ...totals.courtesy.map(([word, shown]) => [fill(words.courtesy_of, shown), (row) => perHundred(row.sums, word)]),
    [words.most_frequent, (row) => row.most],
  ];

  function agents() {
    byId('agents').hidden = summary.agents.length === 0;
    const titles = new Map(totals.rules.map((rule) => [rule.id, visible(rule.title)]));
    const rows = summary.agents.map((sums, at) => {
      const remarks = totals.remarks[at];
      const infos = Object.values(remarks).reduce((sum, hits) => sum + hits, 0);
      const broken = Object.entries(sums.by_rule).map(([rule, hits]) => [rule, hits - (remarks[rule] || 0)]).filter(([, hits]) => hits > 0);
      const frequent = broken.sort((one, other) => other[1] - one[1]).slice(0, 2);
      const most = frequent.map(([rule, hits]) => `${titles.get(rule) || rule} ${count(hits)}`).join('、');
      const agent = totals.agents.indexOf(sums.agent === undefined ? null : sums.agent);
      return { sums, infos, faults: sums.violations - infos, most, agent, name: sums.agent === undefined ? words.no_agent : visible(sums.agent) };
    });
    const head = byId('agents').querySelector('thead tr');
    head.replaceChildren(...columns.map(([title], at) => {
      const button = make('button', { type: 'button' }, title);
      button.addEventListener('click', () => {
        order = { column: at, down: order.column === at ? !order.down : at > 0 && at !== 3 && at !== 2 };
        draw();
        head.children[at].firstChild.focus();
      });
      return make('th', { scope: 'col' }, button);
    }));
    const draw = () => {
      const key = columns[order.column][1];
      const compare = (one, other) => {
        const [left, right] = [key(one), key(other)];
        const sign = typeof left === 'string' ? left.localeCompare(right, totals.language) : left - right;
        return (order.down ? -sign : sign) || one.name.localeCompare(other.name);
      };
      const shown = rows.sort(compare).slice(0, allAgents ? rows.length : few);
      [...head.children].forEach((cell, at) => {
        if (at === order.column) cell.setAttribute('aria-sort', order.down ? 'descending' : 'ascending');
        else cell.removeAttribute('aria-sort');
      });
      byId('agents').querySelector('tbody').replaceChildren(...shown.map((row) => {
        const score = average(row.sums);
        const name = make('button', { type: 'button' }, row.name);
        name.disabled = row.agent < 0;
        name.addEventListener('click', () => { byId('agent').value = String(row.agent); changed(); show(); });
        return make('tr', {},
          make('td', {}, name),
          make('td', {}, count(row.sums.conversations)),
          make('td', {}, percent(row.sums.passed, row.sums.conversations)),
          make('td', { className: score < totals.pass ? 'bad' : 'fine' }, score.toFixed(1)),
          make('td', {}, count(row.faults)),
          make('td', {}, tenths(row.faults * 100, row.sums.conversations).toFixed(1)),
          make('td', {}, count(row.infos)),
          ...totals.courtesy.map(([word]) => make('td', {}, row.sums.courtesy ? perHundred(row.sums, word).toFixed(1) : '–')),
          make('td', {}, row.most));
      }));
      const more = byId('all-agents');
      more.hidden = allAgents || rows.length <= few;
      more.textContent = fill(words.show_all, count(rows.length));
    };
    byId('all-agents').addEventListener('click', () => { allAgents = true; draw(); });
    draw();
  }

  function choices() {
    const option = (value, text) => make('option', { value }, text);
    const names = totals.agents.map((_, at) => [agentName(at), at]).sort((one, other) => one[0].localeCompare(other[0], totals.language));
    byId('agent').append(option('', words.all_agents), ...names.map(([name, at]) => option(String(at), name)));
    byId('agent').hidden = totals.agents.length < 2;
    byId('rule').append(option('', words.all_rules));
    const groups = new Map();
    totals.rules.forEach((rule, at) => {
      if (!groups.has(rule.category)) groups.set(rule.category, make('optgroup', { label: visible(totals.categories[rule.category] || rule.category) }));
      const hits = rule.hits ? count(rule.hits) : `${words.info} ${count(rule.remarks)}`;
      groups.get(rule.category).append(option(String(at), `${visible(rule.title)} (${hits})`));
    });
    byId('rule').append(...groups.values());
  }

  // ---- The violations: columns of a row as html.rs writes them.

  const CONVERSATION = 0, TURN = 1, AGENT = 2, DAY = 3, RULE = 4, SEVERITY = 5, POINTS = 6, TIME = 7, SENTENCE = 8, FROM = 9, TO = 10,
    MESSAGE = 11, REWRITES = 12, START = 13, END = 14, FATAL = 15, ID = 16, SCORE = 17;
  let rows = [];
  let texts = { messages: [], rewrites: [] };
  let haystack = null;
  let matches = new Int32Array(0);
  let loaded = false;

  // In pieces, so that the page answers meanwhile.
  function load(blocks) {
    const block = blocks.shift();
    if (block) {
      let id = '';
      let score = 0;
      for (const row of read(block)) {
        if (row.length > ID) [id, score] = row.slice(ID); else row.push(id, score);
        rows.push(row);
      }
      block.remove();
      setTimeout(() => load(blocks), 0);
      return;
    }
    const node = byId('texts');
    if (node) { texts = read(node); node.remove(); }
    loaded = true;
    changed();
    follow();
    if (!location.hash && isWide() && matches.length) open(matches[0], false);
  }

  function found() {
    if (haystack) return haystack;
    haystack = rows.map((row) => {
      const better = texts.rewrites[row[REWRITES]].map((rewrite) => rewrite[0]).join('\n');
      return `${row[SENTENCE]}\n${better}\n${row[ID]}\n${totals.rules[row[RULE]].id}\n${totals.agents[row[AGENT]] || ''}`.toLowerCase();
    });
    return haystack;
  }

  // A rule that only gives infos is chosen to see them, whatever the switch says.
  function showsInfos() {
    const rule = totals.rules[byId('rule').value];
    return byId('infos').checked || Boolean(rule && !rule.hits);
  }

  function filter() {
    const agent = byId('agent').value === '' ? -1 : Number(byId('agent').value);
    const rule = byId('rule').value === '' ? -1 : Number(byId('rule').value);
    const needle = byId('search').value.trim().toLowerCase();
    const levels = [false, false, false];
    for (const box of byId('filters').querySelectorAll('input[type=checkbox]')) levels[Number(box.value)] = box.checked;
    const withInfos = showsInfos();
    const wanted = [withInfos, levels[1], levels[2]];
    const hay = needle ? found() : null;
    const kept = new Int32Array(rows.length);
    let size = 0;
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at];
      if (!wanted[row[SEVERITY]]) continue;
      if (agent >= 0 && row[AGENT] !== agent) continue;
      if (rule >= 0 && row[RULE] !== rule) continue;
      if (day && !row[DAY].startsWith(day)) continue;
      if (hay && !hay[at].includes(needle)) continue;
      kept[size] = at;
      size += 1;
    }
    // Where two have the same score, the one that came first.
    if (byId('order').value === 'score') kept.subarray(0, size).sort((one, other) => rows[one][SCORE] - rows[other][SCORE] || one - other);
    // As the page begins: errors and warnings, no infos.
    const all = agent < 0 && rule < 0 && !needle && !day && levels[2] && levels[1] && !levels[0];
    // What is listed is counted by its name: infos are no violations.
    const withFaults = (levels[1] || levels[2]) && (rule < 0 || totals.rules[rule].hits > 0);
    const [of, whole] = !withInfos ? [words.shown_of, faults]
      : withFaults ? [words.shown_of_both, rows.length]
        : [words.shown_of_infos, rows.length - faults];
    return { kept: kept.subarray(0, size), all, of, whole };
  }

  function changed() {
    if (!loaded) return;
    const { kept, all, of, whole } = filter();
    matches = kept;
    active = 0;
    byId('reset').hidden = all;
    byId('day').hidden = !day;
    byId('day').textContent = `${day} ✕`;
    for (const button of byId('days').children) button.setAttribute('aria-pressed', String(button.dataset.day === day));
    byId('status').textContent = all ? fill(words.shown, count(kept.length)) : fill(of, count(kept.length), count(whole));
    byId('empty').hidden = kept.length > 0;
    byId('empty').textContent = all ? words.none_found : words.none_match;
    byId('list').hidden = kept.length === 0;
    byId('panel').hidden = rows.length === 0 || (opened < 0 && kept.length === 0);
    byId('filters').hidden = rows.length === 0;
    byId('list').style.height = `${Math.min(kept.length, tallest()) * rowHeight()}px`;
    byId('list').replaceChildren();
    drawn.clear();
    draw();
  }

  const show = () => { byId('explorer').scrollIntoView(); byId('explorer').focus({ preventScroll: true }); };

  // ---- The list: only the rows in sight are nodes.

  let measured = 0;
  const rowHeight = () => {
    if (!measured) {
      const probe = make('div');
      probe.style.height = 'var(--row)';
      byId('list').append(probe);
      measured = probe.getBoundingClientRect().height || 86;
      probe.remove();
    }
    return measured;
  };
  // No browser lays out more than some 17 million pixels.
  const tallest = () => Math.floor(15000000 / rowHeight());
  const drawn = new Map();
  let active = 0;
  let opened = -1;

  function sentence(row, room) {
    const text = row[SENTENCE];
    if (row[FROM] < 0) return [oneLine(text)];
    let before = text.slice(0, row[FROM]);
    // The words must be in sight though the line is cut at its end.
    if (before.length > room) before = `…${before.slice(-room)}`;
    return [oneLine(before), make('mark', {}, oneLine(text.slice(row[FROM], row[TO]))), oneLine(text.slice(row[TO]))];
  }

  // What is wrong; a check's message begins with its title, which stands above it.
  function why(row) {
    const message = texts.messages[row[MESSAGE]];
    const title = `${totals.rules[row[RULE]].title}：`;
    return message.startsWith(title) ? message.slice(title.length) : message;
  }

  // One line below the sentence: what takes the place of the words, else what is wrong.
  function below(row) {
    const first = texts.rewrites[row[REWRITES]][0];
    if (first && first[1] !== 'example') return make('div', { className: 'better' }, `→ ${oneLine(first[0])}`);
    return make('div', { className: 'why' }, oneLine(why(row)));
  }

  function rowNode(place) {
    const at = matches[place];
    const row = rows[at];
    const node = make('div', {
      id: `r${place}`, role: 'option', className: `row ${severities[row[SEVERITY]]}`, 'aria-selected': String(at === opened),
      'aria-posinset': place + 1, 'aria-setsize': matches.length,
    },
    make('div', { className: 'what' },
      make('b', {}, `${visible(totals.rules[row[RULE]].title)}`),
      make('span', { className: severities[row[SEVERITY]] }, words[severities[row[SEVERITY]]]),
      make('span', {}, totals.agents[row[AGENT]] === null ? visible(row[ID]) : agentName(row[AGENT])),
      make('span', {}, `${words.score} ${row[SCORE]}`),
      make('span', {}, visible(row[TIME]))),
    make('div', {}, ...sentence(row, 14)),
    below(row));
    node.style.top = `${place * rowHeight()}px`;
    node.addEventListener('click', () => { active = place; open(at, true); });
    return node;
  }

  function draw() {
    const list = byId('list');
    if (list.hidden) return;
    const height = rowHeight();
    const top = -list.getBoundingClientRect().top;
    const last = Math.min(matches.length, tallest());
    const from = Math.max(0, Math.floor(top / height) - 4);
    const to = Math.min(last, Math.ceil((top + innerHeight) / height) + 4);
    for (const [place, node] of drawn) {
      if (place < from || place >= to) { node.remove(); drawn.delete(place); }
    }
    for (let place = from; place < to; place += 1) {
      if (drawn.has(place)) continue;
      const node = rowNode(place);
      drawn.set(place, node);
      const next = [...drawn.keys()].filter((other) => other > place).sort((one, other) => one - other)[0];
      list.insertBefore(node, next === undefined ? null : drawn.get(next));
    }
    for (const [place, node] of drawn) {
      node.classList.toggle('active', place === active);
      node.setAttribute('aria-selected', String(matches[place] === opened));
    }
    if (drawn.has(active)) list.setAttribute('aria-activedescendant', `r${active}`);
    else list.removeAttribute('aria-activedescendant');
  }

  function reveal() {
    const height = rowHeight();
    const top = byId('list').getBoundingClientRect().top + active * height;
    const covered = byId('filters').getBoundingClientRect().height + 8;
    if (top < covered) scrollBy(0, top - covered);
    else if (top + height > innerHeight) scrollBy(0, top + height - innerHeight + 8);
    draw();
  }

  byId('list').addEventListener('keydown', (event) => {
    const page = Math.max(1, Math.floor((innerHeight * 0.7) / rowHeight()));
    const last = Math.min(matches.length, tallest()) - 1;
    const moves = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: last };
    if (event.key in moves) {
      active = Math.max(0, Math.min(last, moves[event.key]));
      reveal();
      if (isWide()) open(matches[active], false);
    } else if (event.key === 'Enter' || event.key === ' ') {
      open(matches[active], true);
    } else {
      return;
    }
    event.preventDefault();
  });

  // ---- One conversation.

  const cache = new Map();
  function conversation(at) {
    const block = Math.floor(at / totals.chunk);
    if (!cache.has(block)) {
      if (cache.size > 8) cache.clear();
      cache.set(block, read(byId(`c${block}`)));
    }
    return cache.get(block)[at % totals.chunk];
  }

  function open(at, byHand) {
    if (at === undefined) return;
    const hash = `#v${at + 1}`;
    if (location.hash !== hash) {
      // One step back leads from a conversation to the list, however many were looked at.
      if (byHand && !/^#v\d+$/.test(location.hash)) history.pushState(null, '', hash);
      else history.replaceState(null, '', hash);
    }
    // The panel must be laid out before it can be scrolled to the finding.
    if (byHand || isWide()) document.body.classList.add('reading');
    paint(at);
    if (byHand && !isWide()) byId('panel').focus();
    draw();
  }

  function close() {
    document.body.classList.remove('reading');
    byId('list').focus({ preventScroll: true });
  }

  let leaving = false;
  function follow() {
    const named = /^#v(\d+)$/.exec(location.hash);
    if (!named) {
      if (document.body.classList.contains('reading') || leaving) setTimeout(close, 0);
      leaving = false;
      return;
    }
    const at = Number(named[1]) - 1;
    if (at < 0 || at >= rows.length) return;
    const place = matches.indexOf(at);
    if (place >= 0) active = place;
    open(at, !isWide());
    if (place >= 0 && isWide()) reveal();
  }

  function paint(at) {
    opened = at;
    const row = rows[at];
    const told = conversation(row[CONVERSATION]);
    const [file, id, agent, time, turns, points, score, fatal, first, size, said] = told;
    byId('hint').hidden = true;
    byId('conversation').hidden = false;
    byId('heading').textContent = oneLine(id);
    const facts = [`${words.score} ${score}`, `${words.points} ${points}`];
    if (fatal) facts.push(words.fatal);
    facts.push(agentName(agent));
    if (time) facts.push(visible(time));
    facts.push(visible(file));
    byId('facts').textContent = facts.join(' · ');

    const own = new Map();
    for (let other = first; other < first + size; other += 1) {
      // Infos are in sight where they are asked for.
      if (rows[other][SEVERITY] === 0 && other !== at && !showsInfos()) continue;
      const turn = rows[other][TURN];
      if (!own.has(turn)) own.set(turn, []);
      own.get(turn).push(other);
    }
    const nodes = [];
    if (said.length) {
      said.forEach(([speaker, name, when, text], turn) => nodes.push(turnNode(speaker, name, when, text, own.get(turn) || [], at)));
    } else {
      nodes.push(make('li', { className: 'system' }, make('p', { className: 'hint' }, words.no_text)));
      for (const [turn, list] of own) {
        for (const other of list) {
          const parts = sentence(rows[other], 999);
          nodes.push(make('li', { className: 'agent' },
            make('span', { className: 'who' }, `${words.turn} ${turn + 1} / ${turns} ${visible(rows[other][TIME])}`),
            make('div', { className: 'bubble' }, ...parts), finding(other, at)));
        }
      }
    }
    byId('turns').replaceChildren(...nodes);
    const current = byId('turns').querySelector('.current');
    const panel = byId('panel');
    if (current) {
      const top = panel.getBoundingClientRect().top + byId('conversation').querySelector('header').offsetHeight + 12;
      const turn = current.closest('li').getBoundingClientRect();
      // Under a long turn the finding is what must be in sight.
      const below = current.getBoundingClientRect().bottom - panel.getBoundingClientRect().bottom + 12;
      panel.scrollTop += Math.max(turn.top - top, Math.min(below, current.getBoundingClientRect().top - top));
    }
    const place = matches.indexOf(at);
    byId('previous').disabled = place <= 0;
    byId('next').disabled = place < 0 || place + 1 >= matches.length;
  }

  function turnNode(speaker, name, when, text, own, at) {
    const marks = own.filter((other) => rows[other][START] >= 0).map((other) => [rows[other][START], rows[other][END]]).sort((one, other) => one[0] - other[0]);
    const parts = [];
    let done = 0;
    for (const [start, end] of marks) {
      const from = Math.max(start, done);
      if (end <= from) continue;
      parts.push(visible(text.slice(done, from)), make('mark', {}, visible(text.slice(from, end))));
      done = end;
    }
    parts.push(visible(text.slice(done)));
    const who = [words[`speaker_${speaker}`] || speaker, name && visible(name), when && visible(when)].filter(Boolean).join(' · ');
    return make('li', { className: speaker },
      make('span', { className: 'who' }, who), make('div', { className: 'bubble' }, ...parts), ...own.map((other) => finding(other, at)));
  }

  function finding(other, at) {
    const row = rows[other];
    const rule = totals.rules[row[RULE]];
    const severity = severities[row[SEVERITY]];
    const node = make('div', { className: `finding ${severity}${other === at ? ' current' : ''}` },
      make('p', {}, make('span', { className: `tag ${severity}` }, words[severity]), make('b', {}, visible(rule.title)), ' ', make('code', {}, visible(rule.id)),
        row[FATAL] ? ` ${words.fatal}` : row[POINTS] ? ` −${row[POINTS]}` : ''),
      make('p', { className: 'why' }, visible(why(row))));
    for (const [text, kind] of texts.rewrites[row[REWRITES]].slice(0, 4)) {
      const button = make('button', { type: 'button', 'aria-label': `${words.copy}: ${visible(text)}` }, words.copy);
      button.addEventListener('click', () => copy(text, button));
      node.append(make('p', { className: 'rewrite' }, make('span', {}, visible(text)), make('small', {}, words[kind]), button));
    }
    return node;
  }

  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages from a disk or without TLS may not use the clipboard interface.
      const field = make('textarea', { value: text, className: 'unseen' });
      document.body.append(field);
      field.select();
      document.execCommand('copy');
      field.remove();
      button.focus();
    }
    button.textContent = words.copied;
    byId('announce').textContent = words.copied;
    setTimeout(() => { button.textContent = words.copy; byId('announce').textContent = ''; }, 1500);
  }

  function step(by) {
    const place = matches.indexOf(opened) + by;
    if (place < 0 || place >= matches.length) return;
    active = place;
    open(matches[place], true);
    if (isWide()) reveal();
  }

  // ---- What the reader does.

  let waiting = 0;
  byId('search').addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(changed, 120); });
  byId('filters').addEventListener('change', (event) => {
    if (event.target.id === 'search') return;
    changed();
    if (['infos', 'rule'].includes(event.target.id) && opened >= 0) paint(opened);
  });
  byId('filters').addEventListener('submit', (event) => { event.preventDefault(); changed(); });
  byId('filters').addEventListener('reset', () => { day = ''; setTimeout(() => { changed(); if (opened >= 0) paint(opened); }, 0); });
  byId('day').addEventListener('click', () => { day = ''; changed(); });
  byId('previous').addEventListener('click', () => step(-1));
  byId('next').addEventListener('click', () => step(1));
  byId('back').addEventListener('click', () => {
    close();
    // A step back to a part of the page takes the focus there.
    if (/^#v/.test(location.hash)) { leaving = true; history.back(); }
  });
  addEventListener('popstate', follow);
  addEventListener('hashchange', follow);
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !isWide() && document.body.classList.contains('reading')) byId('back').click();
  });
  let asked = false;
  const soon = () => { if (!asked) { asked = true; requestAnimationFrame(() => { asked = false; draw(); }); } };
  addEventListener('scroll', soon, { passive: true });
  addEventListener('resize', () => { measured = 0; if (loaded) { byId('list').style.height = `${Math.min(matches.length, tallest()) * rowHeight()}px`; byId('list').replaceChildren(); drawn.clear(); } soon(); });

  const printed = 300;
  addEventListener('beforeprint', () => {
    const nodes = [...matches.subarray(0, printed)].map((at) => {
      const row = rows[at];
      const severity = severities[row[SEVERITY]];
      return make('article', {},
        make('p', {}, make('span', { className: `tag ${severity}` }, words[severity]), make('b', {}, visible(totals.rules[row[RULE]].title)),
          ` ${agentName(row[AGENT])} · ${visible(row[ID])} · ${visible(row[TIME])}`),
        make('p', {}, ...sentence(row, 999)), below(row));
    });
    if (matches.length > printed) nodes.unshift(make('p', {}, fill(words.print_note, count(printed))));
    byId('print').replaceChildren(...nodes);
    byId('categories').querySelectorAll('details').forEach((group) => { group.open = true; });
  });
  addEventListener('afterprint', () => byId('print').replaceChildren());

  overview();
  categories();
  trend();
  agents();
  choices();
  byId('status').textContent = words.loading;
  document.addEventListener('DOMContentLoaded', () => {
    let begun = false;
    const begin = () => { if (!begun) { begun = true; load([...document.querySelectorAll('script.violations')]); } };
    // After the first paint; a page in the background is not painted.
    requestAnimationFrame(() => setTimeout(begin, 0));
    setTimeout(begin, 500);
  });
})();
