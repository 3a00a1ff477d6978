// The page of the workspace: sends what a person does, draws what changed, keeps their place.
"use strict";

(() => {
  const region = (id) => document.getElementById(id);
  let version = Number(document.body.dataset.version);

  // ---- drawing: regions come as HTML and are merged into what stands there ------------------

  const keyOf = (node) =>
    node.nodeType === 1 ? node.id || node.dataset.key || node.dataset.blockId || "" : "";

  // What a person holds open, or what is under way, is theirs and not the server's to change.
  const OWN = new Set(["open", "aria-busy", "data-closing"]);

  function merge(have, want) {
    const field = have.matches("input, textarea, option");
    const untouched = field && isUntouched(have);
    for (const { name } of [...have.attributes])
      if (!want.hasAttribute(name) && !OWN.has(name)) have.removeAttribute(name);
    for (const { name, value } of want.attributes)
      if (have.getAttribute(name) !== value && !OWN.has(name)) have.setAttribute(name, value);
    if (have.matches("textarea")) {
      if (have.defaultValue !== want.defaultValue) have.defaultValue = want.defaultValue;
    } else if (!have.matches(".json, datalist")) {
      mergeChildren(have, want);
    }
    if (field && untouched) reset(have);
  }

  function isUntouched(field) {
    if (field.matches("option")) return field.selected === field.defaultSelected;
    if (field.matches("[type=checkbox], [type=radio]"))
      return field.checked === field.defaultChecked;
    return field.value === field.defaultValue && document.activeElement !== field;
  }

  function reset(field) {
    if (field.matches("option")) field.selected = field.defaultSelected;
    else if (field.matches("[type=checkbox], [type=radio]")) field.checked = field.defaultChecked;
    else if (field.value !== field.defaultValue) field.value = field.defaultValue;
  }

  function mergeChildren(have, want) {
    const wanted = new Set([...want.childNodes].map(keyOf).filter(Boolean));
    const kept = new Map();
    for (const child of have.childNodes) {
      const key = keyOf(child);
      if (key && !kept.has(key)) kept.set(key, child);
    }
    let at = have.firstChild;
    for (const next of [...want.childNodes]) {
      const key = keyOf(next);
      while (at && keyOf(at) && !wanted.has(keyOf(at))) {
        const gone = at;
        at = at.nextSibling;
        gone.remove();
      }
      let match = key ? kept.get(key) : at && !keyOf(at) ? at : null;
      if (match && match.nodeName !== next.nodeName) match = null;
      if (!match) {
        have.insertBefore(next, at);
        continue;
      }
      kept.delete(key);
      if (match === at) at = at.nextSibling;
      else have.insertBefore(match, at);
      if (match.nodeType === 1) merge(match, next);
      else if (match.nodeValue !== next.nodeValue) match.nodeValue = next.nodeValue;
    }
    while (at) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
  }

  const drawn = new Map();

  function apply(answer) {
    if (!answer.regions || answer.version < version) return;
    version = answer.version;
    const focused = document.activeElement;
    const message = focused && focused.closest(".message");
    const stream = region("stream");
    const atEnd = stream.scrollHeight - stream.scrollTop - stream.clientHeight < 80;
    for (const [id, html] of Object.entries(answer.regions)) {
      if (drawn.get(id) === html) continue;
      drawn.set(id, html);
      const next = document.createElement("template");
      next.innerHTML = html;
      const standing = region(id);
      if (id === "modal") leaveDialog(standing, next.content);
      mergeChildren(standing, next.content);
    }
    if (atEnd && document.body.dataset.where !== "home") stream.scrollTop = stream.scrollHeight;
    showDialog();
    filterLists();
    if (focused && !focused.isConnected && document.activeElement === document.body)
      refocus(message);
    tick();
  }

  function refocus(message) {
    const again = message && document.querySelector(`[data-key="${message.dataset.key}"]`);
    (again || region("message") || region("stream")).focus({ preventScroll: true });
  }

  // What is being pressed must not move away: the click would be lost between down and up.
  let pressed = null;

  document.addEventListener(
    "pointerdown",
    (event) => {
      if (pressed || event.button !== 0 || !event.target.closest("button, a, summary, label")) return;
      pressed = new Promise((done) => {
        const leaving = new AbortController();
        const leave = () => {
          leaving.abort();
          pressed = null;
          // The click follows the pointer's own event, in the same task.
          setTimeout(done);
        };
        for (const end of ["pointerup", "pointercancel", "blur"])
          window.addEventListener(end, leave, { signal: leaving.signal });
      });
    },
    true,
  );

  // ---- dialogs --------------------------------------------------------------------------------

  function leaveDialog(standing, next) {
    const open = standing.querySelector("dialog");
    const coming = next.querySelector("dialog");
    if (open && (!coming || coming.dataset.key !== open.dataset.key)) {
      open.dataset.leaving = "";
      open.close();
      open.remove();
    }
  }

  function showDialog() {
    const dialog = document.querySelector("#modal dialog");
    if (!dialog || dialog.open || "closing" in dialog.dataset) return;
    dialog.showModal();
    const first =
      dialog.querySelector("[autofocus]") ||
      dialog.querySelector(".fields-of-modal :is(input, select, textarea, button):not([disabled])") ||
      dialog.querySelector("footer button");
    if (first) first.focus();
  }

  document.addEventListener(
    "cancel",
    (event) => {
      const dialog = event.target;
      if (!dialog.matches("#modal dialog")) return;
      event.preventDefault();
      closeDialog(dialog);
    },
    true,
  );

  // A browser grants only one veto: a second Escape in a row closes the dialog by itself.
  document.addEventListener(
    "close",
    (event) => {
      const dialog = event.target;
      if (dialog.matches("#modal dialog") && !("leaving" in dialog.dataset)) closeDialog(dialog);
    },
    true,
  );

  async function closeDialog(dialog) {
    if ("closing" in dialog.dataset) return;
    dialog.dataset.closing = "";
    await send("close", { view: dialog.dataset.view });
    delete dialog.dataset.closing;
    showDialog();
  }

  async function submitDialog(dialog) {
    if (dialog.hasAttribute("aria-busy")) return;
    clearTimeout(typing.timer);
    typing.again = null;
    const failed = dialog.querySelector(".failed");
    failed.hidden = true;
    const answer = await busy(dialog, async () => {
      // What the bot still draws for the last letters would wipe out what it says to the form.
      await typing.under_way;
      return send("submit", { view: dialog.dataset.view, values: valuesIn(dialog) }, true);
    });
    if (answer.message) {
      failed.textContent = answer.message;
      failed.hidden = false;
    }
    const wrong = dialog.querySelector("[aria-invalid]");
    if (wrong) (wrong.matches(".field") ? wrong : wrong.querySelector("input, button")).focus();
  }

  function confirmed(element) {
    const source = element.dataset.confirm;
    if (!source) return Promise.resolve(true);
    const words = JSON.parse(source);
    const dialog = region("confirm");
    region("confirm-title").textContent = words.title;
    region("confirm-text").textContent = words.text;
    region("confirm-yes").textContent = words.confirm;
    region("confirm-yes").className = `button ${words.style}`;
    region("confirm-no").textContent = words.deny;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((done) =>
      dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }),
    );
  }

  // ---- talking to the server ------------------------------------------------------------------

  async function send(act, body, quiet = false) {
    let answer;
    try {
      const response = await fetch(`/page/${act}${location.search}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(await response.text());
      answer = await response.json();
    } catch (failure) {
      answer = { ok: false, message: `The workspace did not answer. ${failure.message}` };
    }
    await pressed;
    apply(answer);
    if (answer.message && !quiet) notice(answer.message);
    return answer;
  }

  async function busy(element, work) {
    element.setAttribute("aria-busy", "true");
    try {
      return await work();
    } finally {
      element.removeAttribute("aria-busy");
    }
  }

  function notice(words) {
    const box = document.createElement("div");
    box.className = "notice";
    box.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = words;
    const dismiss = document.createElement("button");
    dismiss.type = "button";
    dismiss.className = "quiet";
    dismiss.textContent = "Dismiss";
    dismiss.addEventListener("click", () => box.remove());
    box.append(text, dismiss);
    region("notices").replaceChildren(box);
  }

  // A browser keeps six connections to a server: tabs that nobody sees must not hold them all.
  const seen = () =>
    new Promise((done) => {
      if (!document.hidden) return done();
      return document.addEventListener("visibilitychange", done, { once: true });
    });

  async function follow() {
    for (;;) {
      await seen();
      const waiting = new AbortController();
      const leave = () => document.hidden && waiting.abort();
      document.addEventListener("visibilitychange", leave);
      try {
        const here = new URLSearchParams(location.search);
        here.set("since", String(version));
        here.set("run", document.body.dataset.run);
        const response = await fetch(`/page/changes?${here}`, { signal: waiting.signal });
        if (!response.ok) throw new Error(response.statusText);
        const answer = response.status === 200 ? await response.json() : {};
        // Another server answers at the old address: nothing on this page is true any more.
        if (answer.reload) return location.reload();
        await pressed;
        apply(answer);
        document.body.removeAttribute("data-lost");
      } catch {
        if (waiting.signal.aborted) continue;
        document.body.dataset.lost = "";
        await new Promise((done) => setTimeout(done, 1000));
      } finally {
        document.removeEventListener("visibilitychange", leave);
      }
    }
  }

  // ---- elements of messages, modals and Home --------------------------------------------------

  function valueOf(element) {
    if (element.matches("input, select, textarea")) return element.value || null;
    const ticked = [...element.querySelectorAll("input:checked")].map((box) => box.value);
    if (element.dataset.type === "radio_buttons") return ticked[0] || null;
    return ticked;
  }

  const FIELD = "[data-block][data-action]:not(button):not(a)";

  function valuesIn(surface) {
    const values = {};
    for (const element of surface.querySelectorAll(FIELD)) {
      const { block, action } = element.dataset;
      (values[block] ||= {})[action] = valueOf(element);
    }
    return values;
  }

  const surfaceOf = (element) => element.closest("[data-surface], .message");

  const placeOf = (surface) =>
    surface.dataset.surface
      ? { view: surface.dataset.view }
      : { channel: surface.dataset.channel, ts: surface.dataset.ts };

  async function use(element, value) {
    if (!(await confirmed(element))) return;
    const surface = surfaceOf(element);
    const body = {
      place: placeOf(surface),
      wanted: `${element.dataset.block}/${element.dataset.action}`,
      value,
      values: valuesIn(surface),
    };
    await busy(element, () => send("act", body));
  }

  // Letters are sent after a short rest, one request at a time, the last state always.
  const typing = { timer: 0, under_way: null, again: null };

  function typed(element) {
    clearTimeout(typing.timer);
    typing.timer = setTimeout(() => sendTyped(element), 220);
  }

  async function sendTyped(element) {
    if (!element.isConnected) return;
    if (typing.under_way) {
      typing.again = element;
      return;
    }
    const surface = surfaceOf(element);
    typing.under_way = send("act", {
      place: placeOf(surface),
      wanted: `${element.dataset.block}/${element.dataset.action}`,
      value: valueOf(element),
      values: valuesIn(surface),
    });
    await typing.under_way;
    typing.under_way = null;
    const again = typing.again;
    typing.again = null;
    if (again) sendTyped(again);
  }

  const sends = (element, when) => (element.dataset.send || "").split(" ").includes(when);

  document.addEventListener("input", (event) => {
    const element = event.target.closest(FIELD);
    if (event.target.matches(".filter")) filterList(event.target);
    else if (event.target.matches("[data-load]")) suggest(event.target);
    else if (element && sends(element, "typing")) typed(element);
  });

  const resting = new Map();

  document.addEventListener("change", (event) => {
    if (event.target.matches("#refused-only")) return filterCalls(event.target.checked);
    const element = event.target.closest(FIELD);
    if (!element || event.target.matches(".filter")) return undefined;
    limitTicks(element);
    nameMenu(element);
    if (!sends(element, "change")) return undefined;
    // Several boxes ticked in a row are one choice, as when Slack's menu closes.
    clearTimeout(resting.get(element));
    const rest = element.dataset.type.startsWith("multi_") ? 500 : 0;
    resting.set(element, setTimeout(() => use(element, valueOf(element)), rest));
    return undefined;
  });

  function limitTicks(element) {
    const most = Number(element.dataset.max || 0);
    if (!most) return;
    const full = element.querySelectorAll("input:checked").length >= most;
    for (const box of element.querySelectorAll("input[type=checkbox]:not(:checked)"))
      box.disabled = full;
  }

  function nameMenu(element) {
    const menu = element.closest("details.menu");
    const summary = menu && menu.querySelector("summary[data-empty]");
    if (!summary) return;
    const names = [...element.querySelectorAll("input:checked")].map((box) =>
      box.closest("label").innerText.trim(),
    );
    summary.textContent = names.join(", ") || summary.dataset.empty;
  }

  function filterList(search) {
    const wanted = search.value.trim().toLowerCase();
    for (const row of search.parentElement.querySelectorAll(".tick"))
      row.hidden = !row.innerText.toLowerCase().includes(wanted) && wanted !== "";
  }

  // A menu whose options the bot brings: asked for while one types, offered as a native list.
  async function suggest(field) {
    const typedText = field.value;
    if (typedText.length < Number(field.dataset.load)) return;
    const answer = await send("suggest", {
      place: placeOf(surfaceOf(field)),
      wanted: `${field.dataset.block}/${field.dataset.action}`,
      typed: typedText,
    });
    if (field.value !== typedText || !answer.options) return;
    const rows = answer.options.map((words) => new Option(words, words));
    region(field.getAttribute("list")).replaceChildren(...rows);
  }

  const filterLists = () => document.querySelectorAll(".filter").forEach(filterList);

  document.addEventListener("click", (event) => {
    const target = event.target.closest("button, a, summary, li[data-command]");
    closeMenus(event.target);
    if (!target) return;
    const data = target.dataset;
    if (data.send === "click") {
      const menu = target.closest("details.menu");
      if (menu) menu.open = false;
      if (!target.hasAttribute("aria-busy")) use(target, data.value);
    } else if ("close" in data) closeDialog(target.closest("dialog"));
    else if (data.clock) moveClock(target);
    else if (data.toggle) toggle(data.toggle);
    else if (data.shortcut) shortcut(target);
    else if (data.insert) insert(data.insert);
    else if (data.command) pick(target);
  });

  function closeMenus(target) {
    for (const menu of document.querySelectorAll("details:is(.menu, .acting, .coming)[open]"))
      if (!menu.contains(target)) menu.open = false;
  }

  function shortcut(button) {
    button.closest("details").open = false;
    const message = button.closest(".message");
    const place = message ? placeOf(message) : undefined;
    send("shortcut", { callback_id: button.dataset.shortcut, place });
  }

  function leaveMenu() {
    const menu = document.activeElement.closest("details:is(.menu, .acting, .coming)[open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
  }

  async function moveClock(button) {
    const bar = region("clock");
    if (bar.hasAttribute("aria-busy")) return;
    const focus = button.dataset.clock;
    await busy(bar, () => send("clock", { step: focus }));
    if (document.activeElement === document.body)
      bar.querySelector(`[data-clock="${focus}"]`)?.focus();
  }

  // ---- the panel of calls ---------------------------------------------------------------------

  document.addEventListener(
    "toggle",
    async (event) => {
      const entry = event.target;
      if (!entry.matches?.("[data-details]") || !entry.open || entry.dataset.loaded) return;
      const response = await fetch(`/page/details/${entry.dataset.details}`);
      entry.querySelector(".json").innerHTML = await response.text();
    },
    true,
  );

  function filterCalls(only) {
    region("journal").classList.toggle("only-refused", only);
    sessionStorage.setItem("refused", only ? "1" : "");
  }

  function toggle(name) {
    const wide = matchMedia("(min-width: 1100px)").matches;
    const mark = name === "journal" ? (wide ? "journalShut" : "journalOpen") : "sidebarOpen";
    const on = !(mark in document.body.dataset);
    if (on) document.body.dataset[mark] = "";
    else delete document.body.dataset[mark];
    if (name === "journal" && wide) localStorage.setItem("journal", on ? "shut" : "");
  }

  // ---- the composer ---------------------------------------------------------------------------

  const box = region("message");
  const list = region("hints");
  const draft = `draft ${location.search}`;

  function offers() {
    return [...list.querySelectorAll("li:not([hidden])")];
  }

  function hint() {
    const text = box.value;
    const wanted = text.startsWith("/") && !text.includes("\n");
    for (const row of list.children)
      row.hidden = !row.dataset.command.startsWith(text.toLowerCase()) || row.dataset.command === text;
    list.hidden = !wanted || offers().length === 0;
    choose(null);
  }

  function choose(row) {
    for (const one of list.children) one.setAttribute("aria-selected", String(one === row));
    if (row) {
      box.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }

  function step(by) {
    const rows = offers();
    const now = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    choose(rows[(now + by + rows.length + (now < 0 && by < 0 ? 1 : 0)) % rows.length]);
  }

  function pick(row) {
    box.value = `${row.dataset.command} `;
    box.focus();
    grow();
    hint();
  }

  function insert(text) {
    if (!box.value.startsWith(text)) box.value = text + box.value;
    box.focus();
    hint();
  }

  function leaveHints() {
    if (document.activeElement !== box) list.hidden = true;
  }

  function grow() {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, 220)}px`;
    sessionStorage.setItem(draft, box.value);
  }

  async function say() {
    const form = region("composer");
    const text = box.value;
    if (!text.trim() || form.hasAttribute("aria-busy")) return;
    list.hidden = true;
    const stream = region("stream");
    stream.scrollTop = stream.scrollHeight;
    const answer = await busy(form, () => send("say", { text }));
    if (!answer.ok) return;
    if (box.value === text) box.value = "";
    region("notices").replaceChildren();
    grow();
    hint();
  }

  function keysOfComposer(event) {
    const open = !list.hidden;
    const chosen = list.querySelector("[aria-selected=true]");
    if (event.isComposing) return;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (open && chosen && (event.key === "Tab" || event.key === "Enter")) {
      pick(chosen);
    } else if (open && event.key === "Escape") {
      list.hidden = true;
    } else if (event.key === "Enter" && !event.shiftKey) {
      say();
    } else return;
    event.preventDefault();
  }

  if (box) {
    box.value = sessionStorage.getItem(draft) || "";
    box.addEventListener("input", () => {
      grow();
      hint();
    });
    box.addEventListener("keydown", keysOfComposer);
    box.addEventListener("blur", () => setTimeout(leaveHints, 150));
    grow();
  }

  document.addEventListener("submit", (event) => {
    const dialog = event.target.closest("#modal dialog");
    if (dialog) submitDialog(dialog);
    else if (event.target.matches("#composer")) say();
    else return;
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    const element = event.target.closest?.(FIELD);
    if (event.key === "Escape") leaveMenu();
    if (event.key !== "Enter" || !element || event.isComposing) return;
    const isArea = element.matches("textarea");
    if (isArea && !(event.ctrlKey || event.metaKey)) return;
    const dialog = element.closest("#modal dialog");
    if (sends(element, "enter")) use(element, valueOf(element));
    else if (dialog && event.target.matches("input, textarea")) submitDialog(dialog);
    else return;
    event.preventDefault();
  });

  // ---- the clock ------------------------------------------------------------------------------

  const loaded = { epoch: 0, at: 0 };

  function tick() {
    const now = region("now");
    if (!now) return;
    const epoch = Number(now.dataset.epoch);
    if (epoch !== loaded.epoch) Object.assign(loaded, { epoch, at: performance.now() });
    if (!("runs" in now.dataset)) return;
    const shown = new Date(epoch * 1000 + performance.now() - loaded.at);
    const zone = { timeZone: now.dataset.zone };
    now.textContent = shown.toLocaleTimeString("en-GB", { ...zone, hour: "2-digit", minute: "2-digit" });
  }

  // ---- beginning ------------------------------------------------------------------------------

  if (localStorage.getItem("journal") === "shut") document.body.dataset.journalShut = "";
  if (sessionStorage.getItem("refused") && region("refused-only")) {
    region("refused-only").checked = true;
    filterCalls(true);
  }
  const stream = region("stream");
  if (document.body.dataset.where === "home") send("open", { tab: "home" }, true);
  else stream.scrollTop = stream.scrollHeight;
  if (document.body.dataset.where === "dm") send("open", { tab: "messages" }, true);
  showDialog();
  if (!document.querySelector("dialog[open]") && box) box.focus({ preventScroll: true });
  setInterval(tick, 1000);
  tick();
  follow();
})();
