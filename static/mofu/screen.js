/* The wall page asks for itself every minute; when that fails the last figures stay, and a line says so. */
(function () {
  "use strict";

  const line = document.querySelector("[data-lost]");
  const words = line?.querySelector("span");

  function lost(text, next = "将自动重试") {
    const since = document.querySelector("#wall time")?.textContent.trim();
    words.textContent = `${text}，显示的是 ${since} 的数据，${next}。`;
    line.hidden = false;
  }

  document.body.addEventListener("htmx:sendError", () => lost("与服务器的连接中断"));
  document.body.addEventListener("htmx:timeout", () => lost("服务器没有响应"));
  document.body.addEventListener("htmx:responseError", () => lost("服务器暂时无法提供数据"));
  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status === 401) {
      event.preventDefault(); /* stay, with the last figures, instead of going to sign in */
      lost("登录已过期", "请重新登录");
      line.querySelector("a").hidden = false;
    }
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.shouldSwap && !event.detail.serverResponse.includes('id="wall"')) {
      event.detail.shouldSwap = false; /* somebody on the way answered with a page of their own */
      lost("收到的不是大屏数据");
    }
  });
  document.body.addEventListener("htmx:afterSwap", () => (line.hidden = true));
})();
