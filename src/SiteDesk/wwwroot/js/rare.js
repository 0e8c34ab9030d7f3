// Controllers that few pages have are fetched when their place appears: a first look need not wait for them.

/**
 * @param {import("@hotwired/stimulus").Application} application
 * @param {Record<string, () => Promise<{ default: any }>>} modules by the controller's name
 */
export function fetchWhereNeeded(application, modules) {
  const missing = new Map(Object.entries(modules));
  const look = () => {
    for (const [name, load] of missing) {
      if (!document.querySelector(`[data-controller~="${name}"]`)) continue;
      missing.delete(name);
      load().then(
        (module) => application.register(name, module.default),
        () => missing.set(name, load), // the network was away: the next change of the page tries again
      );
    }
    if (missing.size === 0) watch.disconnect();
  };
  const watch = new MutationObserver(look);
  watch.observe(document.documentElement, { childList: true, subtree: true });
  look();
}
