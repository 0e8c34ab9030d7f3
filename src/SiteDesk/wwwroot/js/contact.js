// The contact form works without this; with it the visitor's time zone comes along and a double click sends once.
for (const field of document.querySelectorAll("input[data-time-zone]")) {
  if (field instanceof HTMLInputElement) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}

// What was looked for and read in the help centre in this tab goes along, once.
for (const field of document.querySelectorAll("input[data-trail]")) {
  if (field instanceof HTMLInputElement && !field.value) {
    try {
      const name = `sitedesk:trail:${field.dataset.trail}`;
      field.value = sessionStorage.getItem(name) ?? "";
      field.form?.addEventListener("submit", () => sessionStorage.removeItem(name));
    } catch (refused) {
      if (!(refused instanceof DOMException)) throw refused; // storage is forbidden here: nothing was kept either
    }
  }
}

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    // After the browser has taken the button's value; a page restored from the cache gets it back.
    setTimeout(() => button?.setAttribute("disabled", ""), 0);
  });
}

addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form button[type=submit]")) button.removeAttribute("disabled");
});

// Articles are looked for once somebody has written a few words; who never does loads nothing for it.
for (const text of document.querySelectorAll("textarea[data-articles]")) {
  if (!(text instanceof HTMLTextAreaElement)) continue;
  const look = () => {
    // Two characters of Chinese say as much as a word or two.
    if (text.value.length > 7 || /[\u3400-\u9fff]{2}/.test(text.value)) import("./suggestions.js").then(({ suggest }) => suggest(text));
  };
  text.addEventListener("input", look);
  // On a slow line somebody writes before this is loaded, and a browser brings back what was written.
  if (text.value !== text.defaultValue) look();
}
