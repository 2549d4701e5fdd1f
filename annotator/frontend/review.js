// The review of labels, for the notebook (anywidget) and for the page that `annotator review` serves: one module, no build.
//
// Text from documents, logs and models reaches the page through textContent only. Offsets count code points, as in the
// output; JavaScript's strings count UTF-16 units, so every text is cut as an array of code points.

const MARKS = ["■", "◆", "▲", "○", "✚", "★"];
const OURS = ["documented_fact", "interpretation", "unsupported", "no_claim"];
const KEYS = {
  citation: { explicit: "e", carried: "c", vague: "v", none: "n" },
  voice: { author: "a", reported: "r", quoted: "q", rebutted: "b" },
};
const ACTIONS = [
  ["accept", "Enter", "Accept and next"], ["skip", "x", "Skip"], ["flag", "f", "Flag"], ["undo", "u", "Undo"],
  ["back", "↑", "Back"], ["forward", "↓", "Forward"], ["doubtful", "d", "Next doubtful"], ["source", "s", "Source"],
  ["claim", "t", "Claim"], ["rate", "m", "Rate source"], ["split", "p", "Split"], ["merge", "j", "Join next"], ["note", "w", "Note"],
  ["adjudicate", "y", "Adjudicate"], ["guidelines", "g", "Guidelines"], ["keys", "?", "Keys"],
];
const MORE_KEYS = [
  ["1 … 9", "Set the label and go to the next sentence"], ["A … F", "While rating: the letter of the source; again to clear it"], ["1 … 6", "While rating: the figure of the information; again to clear it"], ["Ctrl+Z", "Undo, like u"], ["/", "Search the text"],
  ["← →", "While selecting: move; with Shift: more or fewer words; Enter saves, Backspace removes, Escape leaves"],
];
const PARTS = { source: "Source", item: "Information" };
const ORDERS = { document: "Document order", doubtful: "Most doubtful first", disagreements: "Disagreements first", sample: "Stratified sample" };
const PATIENCE = 1000;

// Control characters and direction overrides drive nothing here, but they are shown for what they are, one for one.
export function shown(text) {
  return String(text)
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = shown(value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

const plain = (name) => shown(name).replaceAll("_", " ");
const many = (count, what) => `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;

export function mount(el, send, options = {}) {
  const state = { view: null, setting: null, pick: null, rate: null, pending: 0, asked: 0, middle: null };
  const ui = {};
  const root = make("div", {
    class: "annotator-review", tabindex: "0", role: "region", "aria-label": "Review of labels", "data-lm-suppress-shortcuts": "true",
    "data-page": Boolean(options.page),
  });
  el.append(root);

  // Requests: one after the other, in the order of the keys; a key that comes while the disk is slow is not guessed at.
  let chain = Promise.resolve();
  function ask(request, decides = true) {
    if (decides && state.pending && performance.now() - state.asked > PATIENCE) return say("Still saving the last decision; wait a moment.");
    if (!state.pending) state.asked = performance.now();
    state.pending += 1;
    root.setAttribute("aria-busy", "true");
    chain = chain.then(async () => {
      state.asked = performance.now();
      const row = state.view && state.view.row;
      try {
        take(await send(decides && row ? { ...request, at: row.at } : request));
      } catch (error) {
        lost(error);
      }
      state.pending -= 1;
      root.setAttribute("aria-busy", String(state.pending > 0));
    });
    return chain;
  }

  function take(answer) {
    if (answer.setting) { state.setting = answer.setting; furnish(); }
    const before = state.view && state.view.row;
    state.view = answer.view;
    if (!before || !answer.view.row || String(before.at) !== String(answer.view.row.at)) state.pick = state.rate = null;
    ui.alert.hidden = !answer.error;
    ui.alertText.textContent = answer.error ? shown(answer.error) : "";
    draw();
    const { row } = answer.view;
    const fresh = row && (!before || row.row !== before.row);
    if (fresh) ui.panel.scrollTop = 0;
    if (fresh) ui.heard.textContent = `Sentence ${row.number + 1}, ${plain(row.label)}, citation ${row.citation}, voice ${row.voice}: ${shown(row.text.slice(0, 500))}`;
    if (answer.says != null && !answer.error) say(answer.says);
  }

  function lost(error) {
    const log = state.setting ? ` Every decision confirmed before is in ${state.setting.log}.` : "";
    if (!ui.alert) return root.replaceChildren(make("p", { class: "alert", role: "alert", text: `The review can't be opened: ${error.message}` }));
    ui.alert.hidden = false;
    ui.alertText.textContent = shown(`The last decision may not be saved: ${error.message}.${log}`);
  }

  function say(text) { ui.said.textContent = shown(text); }

  // The skeleton, built once, so that nothing loses the focus when a sentence changes.
  function furnish() {
    const { setting } = state;
    const button = (name, key, title) => (ui.buttons[name] = make("button", { type: "button", onclick: () => act(name), "aria-keyshortcuts": ({ "↑": "ArrowUp", "↓": "ArrowDown" })[key] || key, class: name === "accept" ? "prime" : null }, make("kbd", { text: key, "aria-hidden": "true" }), make("span", { text: title })));
    ui.buttons = {};
    ui.said = make("p", { class: "said", role: "status" });
    ui.heard = make("p", { class: "sr", "aria-live": "polite" });
    ui.alertText = make("span");
    ui.alert = make("div", { class: "alert", role: "alert", hidden: true }, ui.alertText, make("button", { type: "button", text: "Try again", onclick: () => ask({ do: "open" }, false) }));
    ui.bar = make("i");
    ui.meter = make("div", { class: "bar", role: "progressbar", "aria-label": "Sentences decided", "aria-valuemin": "0" }, ui.bar);
    ui.counts = make("p", { class: "counts" });
    ui.order = chooser(setting.orders.map((name) => [name, ORDERS[name] || plain(name)]), () => ask({ do: "order", name: ui.order.value }, false));
    ui.text = make("div", { class: "text", tabindex: "0", role: "group", "aria-label": "Document", onclick: visit });
    ui.where = make("p", { class: "where" });
    ui.focus = make("div", { class: "focus" });
    ui.labels = make("div", { class: "labels", role: "group", "aria-label": "Label" }, ...setting.labels.map(labelButton));
    ui.citation = choices("citation", "Citation", setting.citations);
    ui.voice = choices("voice", "Voice", setting.voices);
    ui.spans = make("ul", { class: "spans" });
    ui.others = make("div", { class: "others", hidden: true });
    ui.note = make("textarea", { rows: "2", placeholder: "Why? Read when reviewers differ. Enter saves, Shift+Enter starts a new line.", onkeydown: noteKey, onblur: saveNote });
    const legend = make("p", { class: "legend" }, make("b", { class: "s", text: "source" }), make("b", { class: "c", text: "claim" }), make("b", { class: "p", text: "+ speaks for the model's label" }), make("b", { class: "m", text: "− speaks against it" }));
    const panel = (ui.panel = make("section", { class: "panel", "aria-label": "Sentence in hand", tabindex: "0" }, ui.where, ui.focus, legend, ui.labels, ui.citation, ui.voice, ui.spans, ui.others,
      make("label", { class: "note" }, make("span", { text: "Note" }), ui.note), make("div", { class: "actions", role: "group", "aria-label": "Actions" }, ...ACTIONS.map(([name, key, title]) => button(name, key, title)))));
    const notices = make("div", { class: "notices", hidden: !setting.notices.length }, make("ul", {}, ...setting.notices.map((text) => make("li", { text }))));
    ui.guide = dialog("Guidelines", guide(setting.guidelines));
    ui.keys = dialog("Keys", keyTable());
    const theme = make("button", { type: "button", text: "Light or dark", onclick: () => { root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark"; root.dataset.chosen = "yes"; } });
    const header = make("header", {}, make("div", { class: "grow" }, ui.counts, ui.meter), make("label", { class: "sr", text: "Order", for: (ui.order.id = `order-${Math.random().toString(36).slice(2)}`) }), ui.order, theme);
    root.replaceChildren(...(options.page ? [make("h1", { class: "sr", text: "Review of labels" })] : []), header, filters(), notices, ui.alert, ui.said, ui.heard, make("div", { class: "main" }, ui.text, panel), ui.guide, ui.keys);
  }

  function chooser(pairs, change) {
    return make("select", { onchange: change }, ...pairs.map(([value, text]) => make("option", { value, text })));
  }

  function labelButton(label, n) {
    const chance = make("span", { class: "chance" }), bar = make("i");
    const node = make("button", { type: "button", onclick: () => ask({ do: "label", value: label }), "aria-keyshortcuts": n < 9 ? String(n + 1) : null },
      n < 9 ? make("kbd", { text: n + 1, "aria-hidden": "true" }) : null, make("span", { class: `mark m${looks(label)}`, "aria-hidden": "true", text: mark(label) }), make("span", { text: plain(label) }), chance, make("span", { class: "bar", "aria-hidden": "true" }, bar));
    ui.buttons[`label ${label}`] = Object.assign(node, { chance, bar });
    return node;
  }

  function choices(field, title, values) {
    return make("div", { class: "choices", role: "group", "aria-label": title }, make("span", { text: title }), ...values.map((value) => (ui.buttons[`${field} ${value}`] = make("button", { type: "button", onclick: () => ask({ do: field, value }), "aria-keyshortcuts": KEYS[field][value] }, make("kbd", { text: KEYS[field][value], "aria-hidden": "true" }), make("span", { text: value })))));
  }

  function filters() {
    const { setting } = state;
    const all = (list, name) => [["", `any ${name}`], ...list.map((value) => [value, plain(value)])];
    const change = () => ask({ do: "filter", filter: Object.fromEntries(Object.entries(ui.filter).map(([name, node]) => [name, node.value])) }, false);
    ui.filter = {
      label: chooser(all(setting.labels, "label"), change), citation: chooser(all(setting.citations, "citation"), change), kind: chooser(all(setting.kinds, "kind"), change),
      state: chooser(all(setting.states, "state"), change), reviewer: chooser(all(setting.reviewers, "reviewer"), change), document: chooser(all(setting.documents, "document"), change),
      text: make("input", { type: "search", placeholder: "words", onchange: change, autocomplete: "off" }),
    };
    const names = { label: "Label", citation: "Citation", kind: "Source kind", state: "State", reviewer: "Decided by", document: "Document", text: "Text" };
    return make("details", { class: "filters", open: Boolean(options.page) && root.clientWidth > 800 }, make("summary", { text: "Filters" }), make("div", {}, ...Object.entries(ui.filter).map(([name, node]) => make("label", {}, make("span", { text: names[name] }), node))));
  }

  function dialog(title, ...children) {
    const node = make("dialog", { "aria-label": title }, make("div", { class: "inner", tabindex: "0" }, ...children, make("button", { type: "button", text: "Close", onclick: () => node.close() })));
    node.addEventListener("close", () => root.focus({ preventScroll: true }));
    return node;
  }

  function keyTable() {
    const rows = [...state.setting.labels.slice(0, 9).map((label, n) => [n + 1, `${plain(label)}, and next`]), ...Object.entries(KEYS).flatMap(([field, keys]) => Object.entries(keys).map(([value, key]) => [key, `${field}: ${value}`])), ...ACTIONS.map(([, key, title]) => [key, title]), ...MORE_KEYS];
    return make("div", {}, make("h3", { text: "Keys" }), make("ul", { class: "keys" }, ...rows.map(([key, title]) => make("li", {}, make("kbd", { text: key }), make("span", { text: title })))));
  }

  // Drawing

  const looks = (label) => { const n = OURS.indexOf(label); return n >= 0 ? n : state.setting.labels.indexOf(label) % MARKS.length; };
  const mark = (label) => MARKS[looks(label)] || "•";

  function draw() {
    const { view } = state;
    state.middle = view.row ? view.row.number : 0;
    const share = view.queue ? view.queue_decided / view.queue : 0;
    ui.bar.style.width = `${Math.round(share * 1000) / 10}%`;
    ui.meter.setAttribute("aria-valuenow", view.queue_decided);
    ui.meter.setAttribute("aria-valuemax", Math.max(view.queue, 1));
    const count = (number, text) => make("span", {}, make("strong", { text: number.toLocaleString("en") }), ` ${text}`);
    ui.counts.replaceChildren(count(view.queue_decided, `of ${view.queue.toLocaleString("en")} in the queue decided`), count(view.decided, `of ${view.total.toLocaleString("en")} in all`), count(view.flagged, "flagged"), count(view.skipped, "skipped"), make("span", { text: `reviewer: ${state.setting.reviewer}` }));
    ui.order.value = view.order;
    for (const [name, node] of Object.entries(ui.filter)) node.value = view.filter[name];
    ui.buttons.undo.disabled = !view.undo;
    for (const [name, node] of Object.entries(ui.buttons)) if (name !== "undo" && name !== "guidelines" && name !== "keys") node.disabled = !view.row;
    drawText();
    drawRow();
  }

  function drawText() {
    const { view } = state, blocks = [];
    let block = null, now = null;
    for (const row of view.window) {
      if (!block || row.gap.length > 1 || row.gap.includes("\n") || row.block === "heading") blocks.push((block = make("p", { class: row.block === "heading" ? "para heading" : "para", dir: "auto" })));
      else block.append(" ");
      const current = view.row && row.row === view.row.row;
      const node = make("span", { class: `sentence looks-${looks(row.label)}${row.decided ? "" : " open"}${current ? " now" : ""}`, "data-row": row.row, dir: "auto", "aria-current": current ? "true" : null });
      node.append(make("span", { class: "mark", "aria-hidden": "true", text: `${mark(row.label)}\u2060` }), make("span", { class: "sr", text: `${plain(row.label)}: ` }), shown(row.text.length > 3000 ? `${row.text.slice(0, 3000)} […]` : row.text));
      const tags = [row.decided && "✓", row.flagged && "⚑", row.skipped && "skipped", row.doubtful && "?"].filter(Boolean).join(" ");
      if (tags) node.append(make("span", { class: "tag", text: tags, title: "✓ decided, ⚑ flagged, ? the model is in doubt" }));
      if (current) now = node;
      block.append(node);
    }
    const more = (count, text, middle) => (count ? make("button", { type: "button", text: `${many(count, "sentence")} ${text}`, onclick: () => look(middle) }) : null);
    const first = view.before, last = view.before + view.window.length - 1;
    ui.text.replaceChildren(...[more(view.before, "before", first - 30), ...blocks, more(view.after, "after", last + 30)].filter(Boolean));
    if (now) ui.text.scrollTop = now.offsetTop - ui.text.clientHeight / 2 + now.offsetHeight / 2;
  }

  async function look(middle) {
    const { row } = state.view;
    await ask({ do: "look", middle }, false);
    const edge = state.view.window.find((item) => !row || item.row === row.row) ? null : middle < state.middle ? "end" : "start";
    if (edge) ui.text.scrollTop = edge === "end" ? ui.text.scrollHeight : 0;
    ui.text.focus({ preventScroll: true });
  }

  function drawRow() {
    const { view } = state, row = view.row;
    for (const label of state.setting.labels) {
      const node = ui.buttons[`label ${label}`], chance = row ? row.probabilities[label] || 0 : 0;
      node.setAttribute("aria-pressed", String(Boolean(row) && row.label === label));
      node.chance.textContent = row ? `${Math.round(chance * 100)}%` : "";
      node.bar.style.width = `${chance * 100}%`;
    }
    for (const field of ["citation", "voice"]) for (const value of Object.keys(KEYS[field])) ui.buttons[`${field} ${value}`].setAttribute("aria-pressed", String(Boolean(row) && row[field] === value));
    ui.buttons.flag.setAttribute("aria-pressed", String(Boolean(row && row.flagged)));
    if (!row) {
      ui.where.textContent = "";
      ui.focus.replaceChildren(make("p", { text: "No sentence is left by this filter." }));
      for (const node of [ui.spans, ui.others]) node.replaceChildren();
      return;
    }
    const model = Object.entries(row.model).filter(([field, value]) => row[field] !== value).map(([, value]) => plain(value));
    ui.where.replaceChildren(...[make("span", { class: "state", text: row.decided ? (row.settles ? "✓ adjudicated" : "✓ decided") : row.skipped ? "skipped" : row.doubtful ? "? the model is in doubt" : "open" }),
      make("span", { text: `${row.document}, sentence ${row.number + 1}` }), row.flagged ? make("span", { class: "state", text: "⚑ flagged" }) : null, row.recut ? make("span", { text: "boundary moved by a reviewer" }) : null, model.length ? make("span", { text: `the model said: ${model.join(", ")}` }) : null].filter(Boolean));
    drawFocus(row);
    drawSpans(row);
    ui.others.hidden = !row.others.length;
    ui.others.replaceChildren(...row.others.map((other) => make("p", { text: `${other.reviewer}${other.settles ? " (adjudicated)" : ""}: ${plain(other.label)}, citation ${other.citation}, voice ${other.voice}${other.rated.map((rated) => `, rated ${rated}`).join("")}${other.note ? `. Note: ${other.note}` : ""}` })));
    if (document.activeElement !== ui.note) ui.note.value = row.note || "";
  }

  function drawFocus(row) {
    const { window: rows } = state.view, here = rows.findIndex((item) => item.row === row.row);
    const near = (item) => make("span", { class: Math.abs(item.row - row.row) > 1 ? "near far" : "near", dir: "auto" }, make("span", { class: "mark", "aria-hidden": "true", text: `${mark(item.label)}\u2060` }), shown(item.text.length > 400 ? `${item.text.slice(0, 400)} […]` : item.text));
    const current = (ui.current = make("span", { class: "current", dir: "auto", tabindex: "0", role: "group", "aria-label": "Current sentence" }, ...segments(row)));
    ui.focus.replaceChildren(...(here < 0 ? [current] : [...rows.slice(Math.max(0, here - 2), here).map(near), current, ...rows.slice(here + 1, here + 3).map(near)]));
    drawPick();
  }

  // The sentence cut wherever a word or a marked span begins or ends; each piece knows its code points.
  function segments(row) {
    const points = Array.from(row.text), cuts = new Set([0, points.length]), spans = [];
    const add = (item, kind, from, to) => { if (from != null && to > from) { spans.push({ kind, from, to, item }); cuts.add(from).add(to); } };
    for (const item of row.sources) { add(item, "source", item.from, item.to); add(item, "source", item.mention_from, item.mention_to); if (item.cue_start != null) add(item, "cue", Math.max(0, item.cue_start - row.at[0]), Math.min(points.length, item.cue_end - row.at[0])); }
    for (const item of row.claims) add(item, "claim", item.from, item.to);
    for (const item of row.reasons) add(item, (item.for === row.model.label) === item.weight >= 0 ? "plus" : "minus", item.from, item.to);
    state.words = words(points);
    if (state.words.length <= 2000) for (const [from, to] of state.words) cuts.add(from).add(to);
    const order = [...cuts].filter((cut) => cut >= 0 && cut <= points.length).sort((a, b) => a - b);
    return order.slice(0, -1).map((from, n) => {
      const to = order[n + 1], over = spans.filter((span) => span.from <= from && span.to >= to);
      const kinds = over.map((span) => [span.kind, span.from === from && `${span.kind}-first`, span.to === to && `${span.kind}-last`].filter(Boolean).join(" "));
      const reason = over.find((span) => span.item.weight != null);
      const node = make("span", { class: kinds.join(" ") || null, text: points.slice(from, to).join(""), title: reason ? `${plain(reason.item.for)}: ${reason.item.weight > 0 ? "+" : ""}${reason.item.weight}` : null });
      return Object.assign(node, { from, to });
    });
  }

  function words(points) {
    const found = [];
    let start = null;
    points.forEach((point, n) => {
      const inside = /[\p{L}\p{N}]/u.test(point) || (start != null && /\p{M}/u.test(point)) || (start != null && /['’.\-‑]/.test(point) && /[\p{L}\p{N}]/u.test(points[n + 1] || ""));
      if (inside && start == null) start = n;
      if (!inside && start != null) { found.push([start, n]); start = null; }
    });
    if (start != null) found.push([start, points.length]);
    return found;
  }

  function drawSpans(row) {
    const cut = (text) => (text.length > 300 ? `${text.slice(0, 300)} […]` : text);
    const item = (what, text, more, ...buttons) => make("li", {}, make("span", { class: "what", text: what }), make("span", { class: "words", dir: "auto", text: cut(text) }), make("span", { class: "does" }, ...buttons), more && make("span", { class: "more" }, ...[more].flat()));
    const remove = (what, part, field, n) => make("button", { type: "button", text: "Remove", "aria-label": `Remove ${what} ${shown(part.text).slice(0, 80)}`, onclick: () => { state.rate = null; ask({ do: "drop", field, number: n }); } });
    const focused = ui.spans.contains(document.activeElement) ? document.activeElement.dataset.key || "" : null;
    if (state.rate != null && state.rate >= row.sources.length) state.rate = null;
    ui.spans.replaceChildren(
      ...row.sources.flatMap((part, n) => [item("Source", part.name || part.text, about(part), rateButton(part, n), remove("source", part, "sources", n)), state.rate === n ? scale(part, n) : null]).filter(Boolean),
      ...row.claims.map((part, n) => item("Claim", part.text, part.holder ? `held by ${shown(part.holder)}` : null, remove("claim", part, "claims", n))),
      ...row.reasons.map((part) => item("Reason", part.text, `${part.weight > 0 ? "+" : "−"}${Math.abs(part.weight)} for ${plain(part.for)}`)));
    if (focused != null) ((focused && ui.spans.querySelector(`[data-key="${focused}"]`)) || root).focus({ preventScroll: true });
  }

  // What is known of a source: how it is graded, by which words the sentence names it, whence it is carried, its rating.
  function about(part) {
    const facts = [part.kind, part.reliability, part.traceability != null && `traceability ${part.traceability} of 4`, ...(part.why || [])].filter(Boolean).map(plain).join(" · ");
    const here = part.mention || (part.from != null ? part.text : null), quote = (text) => make("q", { dir: "auto", text: text.slice(0, 300) });
    const named = here && here !== (part.name || part.text) ? make("span", { class: "line" }, "named here as ", quote(here)) : null;
    const from = part.carrier && make("button", { type: "button", class: "link", text: `sentence ${part.carrier.number + 1}`, "aria-label": `Go to sentence ${part.carrier.number + 1}, which names this source`, onclick: () => ask({ do: "go", row: part.carrier.row }, false) });
    const carried = part.carried_from == null ? null : make("span", { class: "line" }, "carried from ", from || "another sentence", ...(part.from == null && part.name && part.text !== part.name ? [", which names it as ", quote(part.text)] : []));
    const rated = part.rated ? make("span", { class: "line rated", text: `rated ${part.rated} (${[part.rating.by, part.rating.date].filter(Boolean).join(", ")})` }) : null;
    return [make("span", { class: "line", text: facts }), named, carried, rated].filter(Boolean);
  }

  // Rating a source on the Admiralty scale; the program shows what people gave and proposes nothing.

  const rateButton = (part, n) => make("button", { type: "button", "data-key": `rate ${n}`, text: "Rate", "aria-label": `Rate source ${shown(part.text).slice(0, 80)}`, "aria-expanded": String(state.rate === n), onclick: () => openRating(state.rate === n ? null : n) });

  function scale(part, n) {
    const button = (kind, code, meaning) => make("button", { type: "button", "data-key": `${kind} ${code}`, "aria-pressed": String(Boolean(part.rating) && part.rating[kind] === code), onclick: () => rate(kind, code) }, make("kbd", { text: code }), make("span", { text: meaning }));
    const group = (kind) => make("div", { class: "choices", role: "group", "aria-label": `${PARTS[kind]} on the Admiralty scale` }, make("span", { text: PARTS[kind] }), make("div", { class: "codes" }, ...Object.entries(state.setting.scale[kind]).map(([code, meaning]) => button(kind, code, meaning))));
    const clear = make("button", { type: "button", "data-key": "clear", disabled: !part.rating, onclick: () => ask({ do: "rate", number: n }) }, make("kbd", { text: "⌫", "aria-hidden": "true" }), make("span", { text: "Clear the rating" }));
    const close = make("button", { type: "button", "data-key": "close", onclick: () => openRating(null) }, make("kbd", { text: "Esc", "aria-hidden": "true" }), make("span", { text: "Close" }));
    return make("li", { class: "scale" }, group("source"), group("item"), make("div", { class: "choices" }, make("span"), make("div", { class: "codes" }, clear, close)));
  }

  function openRating(n) {
    const { sources } = state.view.row;
    if (n === 0 && !sources.length) return say("The sentence has no source to rate; s marks one.");
    state.rate = n != null && n < sources.length ? n : null;
    drawSpans(state.view.row);
    const open = ui.spans.querySelector(".scale");
    if (open) open.scrollIntoView({ block: "nearest" });
    say(state.rate == null ? "Rating closed." : `Rate ${sources[n].name || sources[n].text}: A to F for the source, 1 to 6 for what it says here, the same again clears it, Backspace clears both, ${n + 1 < sources.length ? "m goes to the next source, " : ""}Escape closes.`);
  }

  function rate(part, code) {
    const { rating } = state.view.row.sources[state.rate];
    ask({ do: "rate", number: state.rate, part, value: rating && rating[part] === code ? null : code });
  }

  function rateKey(event) {
    const code = event.key.toUpperCase(), part = Object.keys(PARTS).find((name) => code in state.setting.scale[name]);
    if (event.key === "Escape") openRating(null);
    else if (event.key === "Backspace" || event.key === "Delete") ask({ do: "rate", number: state.rate });
    else if (part && event.repeat) return true;
    else if (part) rate(part, code);
    else return false;
    return true;
  }

  // Selecting words, by mouse or by keyboard

  function selected() {
    const selection = (root.getRootNode().getSelection || document.getSelection).call(root.getRootNode().getSelection ? root.getRootNode() : document);
    if (!selection || selection.isCollapsed || !selection.rangeCount || !ui.current) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(ui.current)) return null;
    let from = null, to = null;
    for (const node of ui.current.children) {
      const text = node.firstChild;
      if (!text || !range.intersectsNode(text)) continue;
      const length = (units) => Array.from(text.data.slice(0, units)).length;
      const a = range.startContainer === text ? node.from + length(range.startOffset) : node.from;
      const b = range.endContainer === text ? node.from + length(range.endOffset) : node.to;
      if (a < b) { from = from == null ? a : Math.min(from, a); to = to == null ? b : Math.max(to, b); }
    }
    return from == null ? null : { start: from, end: to, selection };
  }

  function choose(kind) {
    const by = selected();
    if (by) { by.selection.removeAllRanges(); return settle(kind, by.start, by.end); }
    if (!state.words.length || state.words.length > 2000) return say("Select the words with the mouse, then press the key again.");
    const field = { source: "sources", claim: "claims" }[kind];
    const held = field && state.view.row[field].find((item) => item.from != null);
    const at = (offset) => Math.max(0, state.words.findIndex(([, to]) => to >= offset));
    state.pick = held ? { kind, a: at(held.from + 1), b: at(held.to) } : { kind, a: kind === "split" ? Math.min(1, state.words.length - 1) : 0, b: kind === "split" ? Math.min(1, state.words.length - 1) : 0 };
    drawPick();
    say(kind === "split" ? "Split: → moves the word that the second sentence starts with, Enter splits, Escape leaves." : `${kind === "source" ? "Source" : "Claim"}: ← → move, Shift+→ takes more words, Enter saves, Backspace removes, Escape leaves.`);
  }

  function settle(kind, start, end) {
    state.pick = null;
    return kind === "split" ? ask({ do: "split", start }) : ask({ do: "span", field: `${kind}s`, start, end });
  }

  function drawPick() {
    if (!ui.current) return;
    const { pick, words: list } = state, from = pick && list[pick.a][0], to = pick && list[pick.b][1];
    for (const node of ui.current.children) {
      node.classList.toggle("picked", Boolean(pick) && node.from >= from && node.to <= to);
      node.classList.toggle("picked-first", Boolean(pick) && node.from === from);
      node.classList.toggle("picked-last", Boolean(pick) && node.to === to);
    }
  }

  function pickKey(event) {
    const { pick } = state, last = state.words.length - 1, step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && event.shiftKey) pick.b = Math.min(last, Math.max(pick.a, pick.b + step));
    else if (step) { const width = pick.b - pick.a; pick.a = Math.min(last - width, Math.max(0, pick.a + step)); pick.b = pick.a + width; }
    else if (event.key === "Home") { pick.b -= pick.a; pick.a = 0; }
    else if (event.key === "End") pick.b = last;
    else if (event.key === "Escape") { state.pick = null; say("Nothing was changed."); }
    else if (event.key === "Enter") { settle(pick.kind, state.words[pick.a][0], state.words[pick.b][1]); }
    else if (event.key === "Backspace" || event.key === "Delete") {
      const n = pick.kind === "split" ? -1 : state.view.row[`${pick.kind}s`].findIndex((item) => item.from != null && item.from < state.words[pick.b][1] && item.to > state.words[pick.a][0]);
      state.pick = null;
      if (n >= 0) ask({ do: "drop", field: `${pick.kind}s`, number: n });
    } else return false;
    drawPick();
    return true;
  }

  // Keys

  function act(name) {
    if (name === "back" || name === "forward") ask({ do: "move", by: name === "back" ? -1 : 1 }, false);
    else if (name === "source" || name === "claim" || name === "split") choose(name);
    else if (name === "rate") openRating(state.rate == null ? 0 : state.rate + 1);
    else if (name === "note") ui.note.focus();
    else if (name === "guidelines" || name === "keys") (name === "keys" ? ui.keys : ui.guide).showModal();
    else if (name === "undo" || name === "doubtful") ask({ do: name }, false);
    else ask({ do: name });
  }

  function noteKey(event) {
    if (event.key === "Escape") ui.note.value = (state.view.row && state.view.row.note) || "";
    if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey)) { event.preventDefault(); root.focus({ preventScroll: true }); }
  }

  function saveNote() {
    const { row } = state.view;
    if (row && ui.note.value.trim() !== (row.note || "")) ask({ do: "note", text: ui.note.value });
  }

  function visit(event) {
    const node = event.target.closest(".sentence");
    if (node && root.contains(node)) ask({ do: "go", row: Number(node.dataset.row) }, false);
  }

  function byKey(event) {
    const { key } = event;
    for (const [field, keys] of Object.entries(KEYS)) for (const [value, letter] of Object.entries(keys)) if (key === letter) return () => ask({ do: field, value });
    if (/^[1-9]$/.test(key) && state.setting.labels[key - 1]) return () => ask({ do: "label", value: state.setting.labels[key - 1] });
    if (key === "/") return () => ui.filter.text.focus();
    if (key === "ArrowUp" || key === "ArrowDown") return () => act(key === "ArrowUp" ? "back" : "forward");
    const found = ACTIONS.find(([, letter]) => letter === key);
    return found && (() => act(found[0]));
  }

  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() === "z") event.stopPropagation();
    if (!state.view || event.isComposing) return;
    const inDialog = event.target.closest("dialog"), field = event.target.closest("input, select, textarea");
    if (inDialog) { if ((event.key === "g" || event.key === "?") && !event.ctrlKey) { event.preventDefault(); inDialog.close(); } return; }
    if (field) { if (event.key === "Escape" && field !== ui.note) root.focus({ preventScroll: true }); return; }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") { event.preventDefault(); return act("undo"); }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (state.pick && pickKey(event)) return event.preventDefault();
    if (state.rate != null && rateKey(event)) return event.preventDefault();
    if ((event.key === "Enter" || event.key === " ") && event.target.closest("button")) return;
    if (event.target.closest(".text") && /^(Page|Home|End)/.test(event.key)) return;
    const action = byKey(event);
    if (!action) return;
    event.preventDefault();
    if (event.repeat && !/^Arrow/.test(event.key)) return;
    const name = ({ ArrowUp: "back", ArrowDown: "forward" })[event.key];
    if (!state.view.row && !["undo", "guidelines", "keys"].includes(name) && !["u", "g", "?", "/"].includes(event.key)) return;
    action();
  });
  // A click must leave the keys where they were: Enter accepts, it doesn't press the last button again.
  root.addEventListener("click", (event) => {
    if (event.detail > 0 && event.target.closest("button, .sentence") && !event.target.closest("dialog") && document.activeElement !== ui.note) root.focus({ preventScroll: true });
  });

  // JupyterLab hears keys before the widget does; it may have those with Ctrl (save, say), the bare letters are ours.
  const spare = (event) => root.toggleAttribute("data-lm-suppress-shortcuts", !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() === "z");
  window.addEventListener("keydown", spare, true);

  const stopTheme = followTheme(root, options.theme);
  ask({ do: "open" }, false).then(() => { if (options.page) root.focus(); });
  return () => { stopTheme(); window.removeEventListener("keydown", spare, true); root.remove(); };
}

// Guidelines are Markdown of the plainest kind: headings, lists, paragraphs, bold words.
function guide(text) {
  const box = make("div", {});
  let list = null;
  for (const line of (text || "No guidelines were given.").split("\n")) {
    const [, hashes, title] = /^(#{1,6}) (.*)/.exec(line) || [], bullet = /^\s*[-*] (.*)/.exec(line);
    if (!bullet) list = null;
    if (hashes) box.append(make(hashes.length === 1 ? "h3" : "h4", {}, ...bold(title)));
    else if (bullet) { if (!list) box.append((list = make("ul"))); list.append(make("li", {}, ...bold(bullet[1]))); }
    else if (line.trim()) box.append(make("p", {}, ...bold(line)));
  }
  return box;
}

const bold = (line) => shown(line).split("**").map((piece, n) => (n % 2 ? make("strong", { text: piece }) : piece));

function followTheme(root, forced) {
  const query = matchMedia("(prefers-color-scheme: dark)");
  const body = document.body;
  const dark = () => (forced ? forced === "dark" : "jpThemeLight" in body.dataset ? body.dataset.jpThemeLight === "false" : body.classList.contains("vscode-dark") || body.dataset.theme === "dark" || query.matches);
  const set = () => { if (!root.dataset.chosen) root.dataset.theme = dark() ? "dark" : "light"; };
  const observer = new MutationObserver(set);
  observer.observe(body, { attributes: true });
  query.addEventListener("change", set);
  set();
  return () => { observer.disconnect(); query.removeEventListener("change", set); };
}

// The page that `annotator review` serves.
export function page(el) {
  return mount(el, async (request) => {
    let response;
    try {
      response = await fetch("api", { method: "POST", body: JSON.stringify(request), headers: { "Content-Type": "application/json" } });
    } catch {
      throw new Error("`annotator review` has stopped; start it again and open the new page");
    }
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return response.json();
  }, { page: true });
}

// The notebook widget; the kernel answers each message by its number.
export default {
  render({ model, el }) {
    const waiting = new Map();
    let number = 0;
    const heard = (message) => {
      const resolve = message && waiting.get(message.number);
      if (resolve) { waiting.delete(message.number); resolve(message.answer); }
    };
    model.on("msg:custom", heard);
    const sender = Math.random().toString(36).slice(2);
    const send = (request) => new Promise((resolve, reject) => {
      const key = `${sender}-${(number += 1)}`;
      const timer = setTimeout(() => reject(new Error("the kernel doesn't answer; it is busy or was stopped. Run the cell again")), 5000);
      waiting.set(key, (answer) => { clearTimeout(timer); resolve(answer); });
      model.send({ number: key, request });
    });
    const stop = mount(el, send, { theme: model.get("theme") || null });
    return () => { model.off("msg:custom", heard); stop(); };
  },
};
