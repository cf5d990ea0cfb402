/* What lists and forms of records add where there is JavaScript. Every text that is shown comes with the page. */

const wait = (ms, deed) => { let timer; return (...args) => { clearTimeout(timer); timer = setTimeout(() => deed(...args), ms); }; };
const token = () => document.querySelector('input[name="csrf_token"]')?.value ?? "";

/* A ref is found by typing: Chinese or pinyin initials. */
function typeahead(input) {
  const list = document.createElement("ul");
  list.className = "options";
  list.id = `${input.id || input.name}-options`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label") || document.querySelector(`label[for="${input.id}"]`)?.textContent || input.placeholder);
  list.hidden = true;
  input.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  const form = input.form;
  const one = input.dataset.one;
  let current = -1;
  let asked = 0;

  const close = () => { list.hidden = true; current = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const choices = () => [...list.querySelectorAll("[role=option]")];
  const mark = (index) => {
    const all = choices();
    current = all.length ? (index + all.length) % all.length : -1;
    all.forEach((each, at) => each.setAttribute("aria-selected", String(at === current)));
    if (current >= 0) { input.setAttribute("aria-activedescendant", all[current].id); all[current].scrollIntoView({ block: "nearest" }); }
  };
  const take = (option) => {
    if (one) {
      form.elements[one].value = option.dataset.value;
      form.elements[`${one}~shown`].value = option.textContent;
      input.value = option.textContent;
      document.querySelectorAll(`input[name="${CSS.escape(one)}~pick"]`).forEach((each) => { each.checked = false; });
    } else {
      const into = input.closest("fieldset, .field").querySelector("[data-picked]");
      if (!into.querySelector(`input[value="${CSS.escape(option.dataset.value)}"]`)) {
        const label = document.createElement("label");
        label.className = "choice";
        const box = Object.assign(document.createElement("input"), { type: "checkbox", name: input.dataset.into, value: option.dataset.value, checked: true });
        const text = document.createElement("span");
        text.textContent = option.textContent;
        label.append(box, text);
        into.append(label);
      }
      input.value = "";
    }
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const look = async () => {
    const turn = ++asked;
    const answer = await fetch(`${input.dataset.typeahead}?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "application/json" } });
    if (turn !== asked || document.activeElement !== input) return;
    if (!answer.ok) { close(); return; }
    const { options } = await answer.json();
    list.replaceChildren(...options.map((each, at) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.value = each.id;
      item.textContent = each.label;
      return item;
    }));
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    current = -1;
  };
  const lookSoon = wait(150, look);
  /* What was found for other words can't be taken any more. */
  input.addEventListener("input", () => { asked++; close(); lookSoon(); });
  input.addEventListener("focus", () => { if (one) input.select(); look(); });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => { event.preventDefault(); const option = event.target.closest("[role=option]"); if (option) take(option); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) look(); else mark(current + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden && !event.ctrlKey) {
      const all = choices();
      if (current >= 0 || all.length === 1) { event.preventDefault(); take(all[Math.max(current, 0)]); }
    } else if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); close(); }
  });
}
document.querySelectorAll("[data-typeahead]").forEach(typeahead);

/* A condition is read back while it is written. */
document.querySelectorAll("[data-condition]").forEach((area) => {
  const said = area.parentElement.querySelector("[data-said]");
  const ask = wait(400, async () => {
    const body = new URLSearchParams({ csrf_token: token(), text: area.value });
    const answer = await fetch(area.dataset.condition, { method: "POST", body });
    if (!answer.ok) return;
    const { fault, sentence } = await answer.json();
    said.textContent = fault || sentence;
    said.classList.toggle("is-wrong", Boolean(fault));
  });
  area.addEventListener("input", ask);
  if (area.value.trim()) ask();
});

/* A date is typed as it is shown everywhere; the calendar beside it is the browser's. */
document.querySelectorAll("input[data-date]").forEach((input) => {
  const box = document.createElement("div");
  box.className = "date-box";
  input.replaceWith(box);
  const native = Object.assign(document.createElement("input"), { type: "date", className: "native", tabIndex: -1 });
  native.setAttribute("aria-hidden", "true");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "pick-date", tabIndex: -1 });
  button.setAttribute("aria-hidden", "true");
  button.append(document.querySelector("#date-icon").content.cloneNode(true));
  box.append(input, native, button);
  if (!native.showPicker) { button.hidden = true; return; }
  button.addEventListener("click", () => {
    const day = input.value.trim().slice(0, 10);
    if (/^\d{4}-\d{2}-\d{2}$/.test(day)) native.value = day;
    native.showPicker();
  });
  native.addEventListener("input", (event) => event.stopPropagation());
  native.addEventListener("change", (event) => {
    event.stopPropagation();
    if (!native.value) return;
    input.value = input.dataset.date === "time" ? `${native.value} ${input.value.trim().slice(11) || "09:00"}` : native.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
});

document.querySelectorAll("[data-chooser]").forEach((input) => {
  const chosen = input.parentElement.querySelector("[data-chosen]");
  input.addEventListener("change", () => {
    chosen.textContent = [...input.files].map((each) => each.name).join("、") || chosen.dataset.none;
  });
});

document.querySelectorAll("[data-grow]").forEach((area) => {
  const grow = () => { area.style.height = "auto"; area.style.height = `${Math.min(area.scrollHeight + 2, 480)}px`; };
  area.addEventListener("input", grow);
  grow();
});

/* Filters: a changed panel applies itself when it is closed. */
const filters = document.querySelector("form[data-filters]");
if (filters) {
  filters.querySelectorAll("details[data-pill]").forEach((pill) => {
    let dirty = false;
    pill.addEventListener("change", () => { dirty = true; });
    pill.addEventListener("toggle", () => {
      if (pill.open) { pill.querySelector(".filter-panel input:not([type=hidden]), .filter-panel textarea")?.focus(); return; }
      if (dirty) filters.requestSubmit();
    });
  });
  /* An address says only what narrows the list. */
  filters.addEventListener("formdata", (event) => {
    for (const [key, value] of [...event.formData.entries()]) if (value === "") event.formData.delete(key);
  });
  const fold = filters.querySelector("[data-fold]");
  const pills = filters.querySelector(".pills");
  const more = filters.querySelector("[data-more]");
  if (more) {
    more.hidden = false;
    pills.toggleAttribute("data-some", true);
    more.addEventListener("click", () => { pills.toggleAttribute("data-all", true); more.hidden = true; pills.querySelector(".pill.extra summary").focus(); });
  }
  const narrow = window.matchMedia("(max-width: 767px)");
  const folded = (yes) => { pills.toggleAttribute("data-folded", yes); fold.setAttribute("aria-expanded", String(!yes)); };
  if (fold) {
    const fit = () => { fold.hidden = !narrow.matches; folded(narrow.matches && !pills.querySelector(".has-error")); };
    narrow.addEventListener("change", fit);
    fit();
    fold.addEventListener("click", () => folded(!pills.hasAttribute("data-folded")));
  }
}

/* Picking rows. */
const bulk = document.querySelector("form[data-bulk]");
if (bulk) {
  const all = document.querySelector("[data-pick-all]");
  const picks = [...document.querySelectorAll('input[name="pick"]')];
  const count = bulk.querySelector("[data-bulk-count]");
  const idle = count.textContent;
  const show = () => {
    const some = picks.filter((each) => each.checked).length;
    picks.forEach((each) => each.closest("tr").classList.toggle("is-selected", each.checked));
    count.textContent = some ? count.dataset.text.replace("{n}", some) : idle;
    bulk.toggleAttribute("data-some", some > 0);
    bulk.querySelectorAll("[data-needs-picks]").forEach((button) => { button.disabled = !some; });
    if (all) { all.checked = some > 0 && some === picks.length; all.indeterminate = some > 0 && some < picks.length; }
  };
  all?.addEventListener("change", () => { picks.forEach((each) => { each.checked = all.checked; }); show(); });
  picks.forEach((each) => each.addEventListener("change", show));
  window.addEventListener("pageshow", show);
  show();
}

/* j and k go through the rows, Enter opens one, x picks it, / searches. */
const rows = [...document.querySelectorAll("[data-rows] [data-row]")];
if (rows.length) {
  let at = -1;
  const go = (next) => {
    rows[at]?.classList.remove("is-current");
    at = Math.max(0, Math.min(rows.length - 1, next));
    rows[at].classList.add("is-current");
    rows[at].querySelector(".row-link").focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]")) return;
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at - 1);
    else if (event.key === "x" && at >= 0) { const box = rows[at].querySelector("input[name=pick]"); if (box) box.click(); }
    else if (event.key === "/") { const search = document.querySelector("[data-search]"); if (search) { event.preventDefault(); search.focus(); } }
  });
}

/* Forms: what shows follows what is typed; Ctrl+Enter saves; nothing typed is left behind unasked. */
const form = document.querySelector("form[data-form]");
if (form) {
  const spots = new Map([...form.querySelectorAll("[data-field]")].map((each) => [each.dataset.field, each]));
  const show = (spot, visible) => { if (visible) delete spot.dataset.visible; else spot.dataset.visible = "no"; spot.hidden = !visible; };
  spots.forEach((spot) => show(spot, spot.dataset.visible !== "no"));
  let turn = 0;
  const ask = wait(250, async () => {
    const mine = ++turn;
    const body = new FormData(form);
    for (const [key, value] of [...body.entries()]) if (value instanceof File) body.delete(key);
    const answer = await fetch(form.dataset.ask, { method: "POST", body: new URLSearchParams(body) });
    if (!answer.ok || mine !== turn) return;
    const { fields } = await answer.json();
    for (const [key, { visible, required }] of Object.entries(fields)) {
      const spot = spots.get(key);
      if (!spot) continue;
      show(spot, visible);
      spot.querySelector("label, legend, .label")?.classList.toggle("required", required);
    }
  });
  if (form.dataset.ask) form.addEventListener("change", ask);
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form.contains(event.target)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]"));
    }
  });
  (document.querySelector(".problems") || document.querySelector("[data-focus]"))?.focus();
  const marks = [...document.querySelectorAll(".toc-link")];
  if (marks.length) {
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) marks.forEach((each) => each.classList.toggle("is-here", each.hash === `#${entry.target.id}`));
    }, { rootMargin: "-80px 0px -70% 0px" });
    document.querySelectorAll("fieldset.section").forEach((each) => seen.observe(each));
  }
}
