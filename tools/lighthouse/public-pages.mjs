// Starts a published program, makes it a site and a ticket, and asks Lighthouse about every page a visitor can see.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const least = 95;
const categories = ["performance", "accessibility", "best-practices", "seo"];
const [packages, program, ...words] = process.argv.slice(2);
const { default: lighthouse } = await load("lighthouse/core/index.js");
const chromeLauncher = await load("chrome-launcher/dist/index.js");

/** Sets the desk up as its first visitor does, asks through the form, and returns the pages with what each is excused from. */
async function publicPages() {
  const owner = new Visitor();
  await owner.submit("/set-up", "/set-up", {
    Name: "Olga Owner", Email: "owner@example.com", Password: "correct horse battery", SiteName: "Nordlight", SiteAddress: address, TimeZone: "Europe/Berlin", Languages: ["en", "ru", "zh-Hans"],
  });
  const help = await helpPages(owner);
  const sites = await owner.text("/agent/sites");
  const widget = await owner.text(sites.match(/\/agent\/sites\/\d+\/widget/)[0]);
  const key = widget.match(/\/try\/([\w-]+)/)[1];
  const visitor = new Visitor();
  const sent = await visitor.submit(`/contact/${key}`, `/contact/${key}`, { name: "Maria Lopez", contact: "maria@example.com", text: "Wrong size delivered" });
  const tracking = sent.match(/\/t\/[\w-]+/)?.[0];
  if (!tracking) throw new Error(`The form led to ${sent} and not to a tracking page.`);
  return [
    { name: "contact form", path: `/contact/${key}` },
    // A private link and a door for staff must not be found by search engines: that they are not is right.
    { name: "tracking page", path: tracking, excused: ["is-crawlable"] },
    { name: "sign-in", path: "/sign-in" },
    // This one plays a foreign site under a content policy that lets nothing be fetched but the widget, robots.txt included.
    { name: "try page", path: `/try/${key}`, excused: ["is-crawlable", "robots-txt"] },
    { name: "API page", path: "/api" },
    ...help,
  ];
}

/** Imports an article in three languages and returns the pages its readers see. */
async function helpPages(owner) {
  const words = {
    en: ["How to return a lamp", "You can send a lamp back within 30 days.", "What does it cost?", "Nothing. We pay for the parcel.", "Country", "Days on the way", "returning lamps"],
    ru: ["Как вернуть лампу", "Лампу можно вернуть в течение 30 дней.", "Сколько это стоит?", "Нисколько. Посылку оплачиваем мы.", "Страна", "Дней в пути", "возвращаю лампы"],
    "zh-Hans": ["如何退回台灯", "台灯可以在30天内退回。", "要多少钱？", "不要钱，运费由我们承担。", "国家", "运输天数", "退回台灯"],
  };
  const pages = [];
  const authors = (await owner.follow("/agent/help")).match(/\/agent\/help\/\d+(?=\/)/)[0];
  for (const [language, [title, first, question, answer, country, days]] of Object.entries(words)) {
    const article = `---\ntitle: ${title}\nlanguage: ${language}\nsection: Returns\nstate: published\n---\n${first}\n\n## ${question}\n\n${answer}\n\n## ${country}\n\n| ${country} | ${days} |\n| --- | --- |\n| SE | 2 |\n\n\`\`\`bash\ncurl https://api.example.com/returns\n\`\`\`\n`;
    await owner.submit(`${authors}/transfer`, `${authors}/import`, { Step: "import", file: new File([article], `lamp-${language}.md`, { type: "text/markdown" }) });
  }

  const home = new URL((await owner.text("/robots.txt")).match(/Sitemap: (.*)\/sitemap\.xml/)[1]).pathname;
  for (const [language, [title, , , , , , query]] of Object.entries(words)) {
    const list = await owner.text(`${home}/${language}`);
    const article = list.match(/href="([^"]*\/articles\/[^"]*)"/)?.[1];
    if (!article) throw new Error(`The help centre in ${language} has no article “${title}”.`);
    pages.push({ name: `help ${language} home`, path: `${home}/${language}` }, { name: `help ${language} article`, path: encodeURI(decodeURI(article)) },
      // What was searched is nobody's page to find.
      { name: `help ${language} search`, path: `${home}/${language}/search?q=${encodeURIComponent(query)}`, excused: ["is-crawlable"] });
  }

  return pages;
}

/** @returns how many pages are below the mark */
async function judge(pages) {
  let failed = 0;
  for (const page of pages.filter((page) => words.length === 0 || words.some((word) => page.name.includes(word)))) {
    const look = () => lighthouse(address + page.path, { port: chrome.port, output: "json", logLevel: "error", onlyCategories: categories, skipAudits: page.excused ?? [] });
    // A trace that could not be recorded says nothing of the page: it is looked at once more.
    let { lhr } = await look();
    if (lhr.runtimeError) ({ lhr } = await look());
    const scores = categories.map((category) => [category, Math.round((lhr.categories[category].score ?? 0) * 100)]);
    const bytes = lhr.audits["network-requests"].details.items.reduce((sum, request) => sum + (request.transferSize ?? 0), 0);
    console.log(`${page.name.padEnd(14)} ${scores.map(([name, score]) => `${name} ${score}`).join(", ")}; ${(bytes / 1024).toFixed(1)} KB${page.excused ? ` (without ${page.excused})` : ""}`);
    const low = scores.filter(([, score]) => score < least).map(([name]) => name);
    if (low.length > 0) failed++;
    for (const category of categories)
      for (const audit of lhr.categories[category].auditRefs.filter((audit) => audit.weight > 0 && lhr.audits[audit.id].score !== null && lhr.audits[audit.id].score < 0.9))
        console.log(`    ${category}: ${lhr.audits[audit.id].title} (${lhr.audits[audit.id].displayValue ?? lhr.audits[audit.id].score})`);
    writeFileSync(join(packages, `${page.name.replaceAll(" ", "-")}.json`), JSON.stringify(lhr, null, 1));
  }
  return failed;
}

/** A browser's worth of cookies, for forms that need them. */
class Visitor {
  #cookies = new Map();

  async #send(path, options = {}) {
    const answer = await fetch(address + path, { redirect: "manual", ...options, headers: { ...options.headers, cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ") } });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(";")[0].split(/=(.*)/s);
      this.#cookies.set(name, value);
    }
    return answer;
  }

  async text(path) {
    const answer = await this.#send(path);
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status} ${answer.headers.get("location") ?? ""}`);
    return answer.text();
  }

  /** A page that may lead on to another one. */
  async follow(path) {
    const answer = await this.#send(path);
    return answer.status >= 300 && answer.status < 400 ? this.follow(new URL(answer.headers.get("location"), address).pathname) : answer.text();
  }

  /** Fills in a page's form: its hidden fields as they stand, and the given ones. Returns where it led. */
  async submit(page, action, fields) {
    const html = await this.text(page);
    const form = new FormData();
    for (const [field] of html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
      const name = field.match(/name="([^"]*)"/)?.[1];
      if (name && !(name in fields)) form.append(name, field.match(/value="([^"]*)"/)?.[1] ?? "");
    }
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one);
    const answer = await this.#send(action, { method: "POST", body: form });
    // A page that shows what was done stays where it is.
    if (answer.status !== 303 && !(action.endsWith("/import") && answer.status === 200)) throw new Error(`${action} answered ${answer.status}: ${(await answer.text()).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").slice(0, 400)}`);
    return answer.headers.get("location");
  }
}

function chromium() {
  const path = [process.env.SITEDESK_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => path && existsSync(path));
  if (!path) throw new Error("No Chromium found: install it, or set SITEDESK_CHROMIUM to its path.");
  return path;
}

function load(module) {
  return import(pathToFileURL(resolve(packages, "node_modules", module)).href);
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function answers(url) {
  for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((done) => setTimeout(done, 50))) {
    if (desk.exitCode !== null) throw new Error(`The program ended with ${desk.exitCode}.`);
    const answer = await fetch(url).catch(() => null); // nobody listens yet
    if (answer?.ok) return;
  }
  throw new Error(`Nothing answered at ${url}.`);
}

const folder = mkdtempSync(join(tmpdir(), "sitedesk-lighthouse-"));
const address = `http://127.0.0.1:${await freePort()}`;
const desk = spawn(program, ["serve", "--data", folder, "--urls", address], { stdio: ["ignore", "ignore", "inherit"] });
let chrome;
try {
  await answers(`${address}/health/ready`);
  const setUp = [{ name: "set-up", path: "/set-up" }];
  chrome = await chromeLauncher.launch({ chromePath: chromium(), chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  let failed = await judge(setUp);
  failed += await judge(await publicPages());
  process.exitCode = failed ? 1 : 0;
} finally {
  await chrome?.kill();
  desk.kill();
  await new Promise((done) => (desk.exitCode === null ? desk.once("exit", done) : done()));
  rmSync(folder, { recursive: true, force: true });
}
