/* What the shell adds where there is JavaScript; without it every form and link still works.
   No text stands here: what is shown comes with the page. */
"use strict";

(() => {
  const root = document.documentElement;

  /* Menus close on Escape, on a click elsewhere, and when another opens. */
  const open = () => document.querySelectorAll("details.dropdown[open]");
  document.addEventListener("click", (event) => {
    open().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    const nav = document.getElementById("nav-open");
    if (nav && nav.checked) { nav.checked = false; nav.focus(); }
  });

  /* How the page looks changes at once; the choice is kept in the background. */
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-appearance]");
    const button = event.submitter;
    if (!form || !button || (button.name !== "theme" && button.name !== "density")) return;
    event.preventDefault();
    if (button.value) root.dataset[button.name] = button.value; else delete root.dataset[button.name];
    form.querySelectorAll(`button[name="${button.name}"]`).forEach((each) => {
      each.setAttribute("aria-pressed", String(each === button));
    });
    await fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual" });
  });

  /* A button with data-confirm asks first, in the page's own dialog. */
  const dialog = document.getElementById("confirm");
  if (dialog && dialog.showModal) {
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-confirm]");
      if (!button || button.dataset.confirmed) return;
      event.preventDefault();
      dialog.querySelector("[data-question]").textContent = button.dataset.confirm;
      dialog.querySelector("[data-detail]").textContent = button.dataset.detail || "";
      const yes = dialog.querySelector("[value=yes]");
      yes.textContent = button.dataset.verb || button.textContent.trim();
      yes.classList.toggle("danger", button.classList.contains("danger"));
      yes.classList.toggle("primary", !button.classList.contains("danger"));
      dialog.onclose = () => {
        if (dialog.returnValue !== "yes") return;
        button.dataset.confirmed = "yes";
        button.form.requestSubmit(button);
      };
      dialog.returnValue = "";
      dialog.showModal();
    });
  }

  /* Pressed once is sent once. The button comes back with the page's cached copy. */
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = "yes";
    if (event.submitter) event.submitter.classList.add("is-busy");
    window.setTimeout(() => {
      const line = document.createElement("div");
      line.className = "progress-line";
      document.body.append(line);
    }, 2000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
    });
    document.querySelectorAll(".progress-line").forEach((line) => line.remove());
  });

  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-dismiss]");
    if (close) close.closest(".flash").remove();
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent.trim());
    const print = event.target.closest("[data-print]");
    if (print) window.print();
  });

  /* The first problem of a form is where one goes on. */
  const problems = document.querySelector(".problems");
  if (problems) problems.focus();
})();
