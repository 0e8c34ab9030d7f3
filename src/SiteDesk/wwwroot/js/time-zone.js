// Fills the form's hidden field with the browser's time zone, so that nobody is asked for what the machine knows.
for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-time-zone]"))) {
  field.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
