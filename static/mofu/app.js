/* Page behaviour. Everything here is an addition: pages work without it. */
(function () {
  "use strict";

  const all = (root, selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];

  /* Related records are picked by typing: select[data-picker-url] asks url?q= for {"results": [{id, text}]}. */
  function picker(select) {
    if (select.tomselect || !window.TomSelect) return;
    const load = function (query, done) {
      const url = new URL(select.dataset.pickerUrl, location.href);
      url.searchParams.set("q", query);
      fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : { results: [] }))
        .then((data) => {
          this.clearOptions();
          done(data.results);
        })
        .catch(() => done());
    };
    new window.TomSelect(select, {
      valueField: "id",
      labelField: "text",
      searchField: [],
      score: () => () => 1,
      sortField: [{ field: "$order" }],
      plugins: select.multiple ? ["remove_button"] : ["clear_button"],
      placeholder: select.dataset.placeholder || "输入姓名、拼音首字母或单位查找",
      preload: "focus",
      loadThrottle: 200,
      maxOptions: 50,
      load,
      render: {
        no_results: () => '<div class="no-results">没有符合的记录</div>',
        loading: () => '<div class="no-results">正在查找…</div>',
      },
    });
    tidyPicker(select.tomselect);
  }

  function tidyPicker(control) {
    control.input.setAttribute("aria-hidden", "true"); /* its label now names the visible control */
    const clear = control.control.querySelector(".clear-button");
    if (clear) {
      clear.title = "清除";
      clear.setAttribute("aria-label", "清除");
    }
    const inner = control.control_input;
    if (control.input.getAttribute("aria-describedby")) {
      inner.setAttribute("aria-describedby", control.input.getAttribute("aria-describedby"));
    }
  }

  /* Rows of a part: [data-formset=prefix] holds the management form, [data-formset-row]s and template[data-empty-form]. */
  function formset(box) {
    if (box.dataset.ready) return;
    box.dataset.ready = "1";
    const template = box.querySelector("template[data-empty-form]");
    const prefix = box.dataset.prefix || box.dataset.formset;
    const total = box.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
    if (!template || !total) return;
    const limit = Number(box.querySelector(`[name="${prefix}-MAX_NUM_FORMS"]`)?.value || 1000);
    const add = box.querySelector("[data-formset-add]") || addButton(box);
    add.addEventListener("click", () => {
      if (Number(total.value) >= limit) return;
      const rows = box.querySelector("[data-formset-rows]") || template.parentElement;
      const holder = document.createElement("template");
      holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
      const fresh = [...holder.content.children];
      rows.append(...fresh);
      total.value = Number(total.value) + 1;
      fresh.forEach(prepare);
      fresh[0]?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function addButton(box) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = "添加一行";
    box.append(button);
    return button;
  }

  function deletionBox(box) {
    box.addEventListener("change", () => {
      const row = box.closest("[data-formset-row]");
      if (!row || !box.checked) return;
      row.querySelectorAll("[required]").forEach((field) => field.removeAttribute("required"));
      row.hidden = true;
    });
  }

  /* Lists: [data-check-all], [data-check-item], [data-check-everything=count], [data-check-count], [data-bulk]. */
  function refreshChecks() {
    const items = [...document.querySelectorAll("[data-check-item]")];
    const everything = document.querySelector("[data-check-everything]:checked");
    const ticked = items.filter((item) => item.checked).length;
    const chosen = everything ? Number(everything.dataset.checkEverything) : ticked;
    document.querySelectorAll("[data-check-count]").forEach((place) => (place.textContent = chosen));
    document.querySelectorAll("[data-bulk]").forEach((button) => (button.disabled = chosen === 0));
    document.querySelectorAll("[data-check-all]").forEach((box) => {
      box.checked = items.length > 0 && ticked === items.length;
      box.indeterminate = ticked > 0 && ticked < items.length;
    });
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-check-all]")) {
      document.querySelectorAll("[data-check-item]").forEach((item) => (item.checked = event.target.checked));
    }
    if (event.target.matches("[data-check-all], [data-check-item], [data-check-everything]")) refreshChecks();
    const choice = event.target.closest("[data-chooses]")?.querySelector("input[type=radio]");
    if (choice) choice.checked = true; /* who fills in a value means this field */
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
    if (event.target.matches("select[data-today]")) offerBegun(event.target);
  });

  /* A year offers of the spans beside it ([data-begins], [data-ends]: MM-DD) those that have begun by [data-today] and did
     not end before [data-start]. */
  function offerBegun(year) {
    const options = [...year.form.querySelectorAll("option[data-begins]")];
    for (const option of options) {
      const over = `${year.value}-${option.dataset.ends}` < year.dataset.start;
      option.hidden = option.disabled = over || `${year.value}-${option.dataset.begins}` > year.dataset.today;
    }
    const kept = options.find((option) => !option.disabled);
    if (kept && options.some((option) => option.selected && option.disabled)) kept.selected = true;
  }

  /* [data-confirm] on a form, button or link asks first. */
  function ask(text) {
    const box = document.getElementById("confirm-dialog");
    if (!box?.showModal) return Promise.resolve(window.confirm(text));
    box.querySelector("[data-confirm-text]").textContent = text;
    box.returnValue = "cancel";
    box.showModal();
    return new Promise((done) => box.addEventListener("close", () => done(box.returnValue === "ok"), { once: true }));
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-confirm]");
    if (!link) return;
    event.preventDefault();
    ask(link.dataset.confirm).then((yes) => yes && location.assign(link.href));
  });

  /* One submission: ask where asked for, then lock the buttons until the page is left or shown again. */
  let leaving = false;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const text = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (text && !form.dataset.confirmed) {
      event.preventDefault();
      ask(text).then((yes) => {
        if (!yes) return;
        form.dataset.confirmed = "1";
        form.requestSubmit(event.submitter);
      });
      return;
    }
    delete form.dataset.confirmed;
    if (form.method !== "post" || form.matches("[data-download]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    leaving = true;
    form.dataset.sent = "1";
    setTimeout(() => form.querySelectorAll("button[type=submit], button:not([type])").forEach((b) => (b.disabled = true)), 0);
  });
  window.addEventListener("pageshow", (event) => {
    leaving = false;
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("button[disabled]").forEach((button) => (button.disabled = false));
    });
    refreshChecks();
  });

  /* Leaving with typed text that was not saved. */
  let dirty = false;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.method === "post" && !form.matches("[data-no-guard]")) dirty = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty && !leaving) event.preventDefault();
  });

  /* Drop-downs close on a click elsewhere and on Escape. */
  const closeDrops = (except) =>
    document.querySelectorAll("details[data-drop][open]").forEach((drop) => drop !== except && (drop.open = false));
  document.addEventListener("click", (event) => closeDrops(event.target.closest("details[data-drop]")));
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeDrops(null));

  /* [data-print] prints the page; without JavaScript the browser's own menu does. */
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  /* A wide table can be scrolled with the keyboard. */
  function scrollable(box) {
    if (box.hasAttribute("tabindex")) return;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", box.dataset.label || "表格，可左右滚动");
  }

  function prepare(root) {
    all(root, "select[data-picker-url]").forEach(picker);
    all(root, "[data-formset]").forEach(formset);
    all(root, ".table-responsive").forEach(scrollable);
    all(root, "input[type=checkbox][name$='-DELETE']").forEach(deletionBox);
  }

  prepare(document.documentElement);
  refreshChecks();
  document.addEventListener("htmx:load", (event) => {
    prepare(event.detail.elt);
    refreshChecks();
  });
})();
