// The visitor's language: texts, plurals by CLDR's rules, times in the visitor's zone.

/**
 * @param {string} language
 * @param {Record<string, string | Record<string, string>>} texts
 */
export function createWords(language, texts) {
  const plural = new Intl.PluralRules(language);
  // 09:00 for the British, 9:00 AM for Americans: the browser knows the region.
  const clock = new Intl.DateTimeFormat([navigator.language, language].find((own) => own.startsWith(language)), { timeStyle: 'short' });
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'long' });
  const date = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' });
  const year = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' });

  /** @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
  function say(key, values = {}) {
    const found = texts[key];
    const text = typeof found === 'object' ? found[plural.select(Number(values.count))] || found.other : found;
    return (text || key).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  /** @param {Date} when @param {Date} now @returns {number} calendar days ahead, negative for the past */
  function daysAhead(when, now) {
    const day = (/** @type {Date} */ value) => Date.UTC(value.getFullYear(), value.getMonth(), value.getDate()) / 86400000;
    return day(when) - day(now);
  }

  /** @param {Date} when @returns {string} today, yesterday, Monday, 3 March */
  function day(when, now = new Date()) {
    const ahead = daysAhead(when, now);
    if (ahead === 0) return say('today');
    if (ahead === -1) return say('yesterday');
    if (ahead === 1) return say('tomorrow');
    if (Math.abs(ahead) < 7) return weekday.format(when);
    return (when.getFullYear() === now.getFullYear() ? date : year).format(when);
  }

  /** @param {number} bytes @returns {string} */
  function size(bytes) {
    const [amount, unit] = bytes < 1e6 ? [Math.max(1, Math.round(bytes / 1000)), 'kilobyte'] : [Math.round(bytes / 1e5) / 10, 'megabyte'];
    return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(amount);
  }

  return { say, day, size, time: (/** @type {Date} */ when) => clock.format(when) };
}
