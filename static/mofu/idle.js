/* Before the session ends for want of use: ask; once it ended: hide what is shown, or, where something was typed, say what to do. */
(function () {
  "use strict";

  const box = document.getElementById("idle-dialog");
  if (!box?.showModal) return;
  const WARN = 120; /* seconds before the end */
  const part = (name) => box.querySelector(`[data-idle-${name}]`);
  let typed = false;
  let timer = 0;

  document.addEventListener("input", (event) => {
    if (event.target.form?.method === "post") typed = true;
  });

  function later(seconds) {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(5, seconds) * 1000);
  }

  /* Forms and htmx carry a token that changes when somebody signs in anew in another window. */
  function renew(token) {
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => (field.value = token));
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  }

  function show(title, text, over) {
    part("title").textContent = title;
    part("text").textContent = text;
    part("stay").hidden = over;
    part("close").hidden = !over;
    if (!box.open) box.showModal();
  }

  function ended() {
    if (!typed) {
      location.assign(`${box.dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`);
      return;
    }
    show("登录已超时", "您填写的内容还在本页。请照常提交，系统会请您重新登录，登录后接着提交，内容不会丢失。", true);
  }

  async function look(stay) {
    let answer;
    try {
      answer = await fetch(box.dataset.url + (stay === true ? "?stay=1" : ""), { headers: { Accept: "application/json" }, credentials: "same-origin" });
    } catch {
      later(60);
      return;
    }
    if (answer.status === 401) return ended();
    if (!answer.ok) return later(60);
    const { seconds, token } = await answer.json();
    renew(token);
    if (seconds > WARN) {
      box.close();
      later(seconds - WARN);
    } else {
      show("即将自动退出", `较长时间没有操作，约 ${Math.ceil(seconds / 60)} 分钟后自动退出，以保护数据。没有保存的内容请先保存。`, false);
      later(seconds + 1);
    }
  }

  part("stay").addEventListener("click", () => look(true));
  part("close").addEventListener("click", () => box.close());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  window.addEventListener("pageshow", (event) => event.persisted && look());
  later(Number(box.dataset.seconds) - WARN);
})();
