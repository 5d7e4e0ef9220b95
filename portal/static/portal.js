// Small helps on pages that work without them.

// A second click on the same button must not send the form twice.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", () => {
    for (const button of form.elements) {
      if (button.type !== "submit") continue;
      setTimeout(() => { button.disabled = true; }, 0);
    }
  });
}

// Going back shows a page as it was left, with its buttons asleep: wake them.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[disabled]")) {
    button.disabled = false;
  }
});

// A draft saves itself: a while after typing stops, through the same address as the Save button.
const QUIET_MILLISECONDS = 4000;

class Draft {
  constructor(form) {
    this.form = form;
    this.state = document.querySelector("[data-autosave-state]");
    this.timer = null;
    this.unsaved = 0;
    form.addEventListener("input", (event) => { if (event.target.type !== "file") this.later(); });
    // Saving keeps the page where it is; only what goes on to something else loads another.
    for (const button of document.querySelectorAll("button[name=then][value=save]")) {
      button.addEventListener("click", (event) => { event.preventDefault(); this.press(button); });
    }
    form.addEventListener("submit", () => { clearTimeout(this.timer); this.unsaved = 0; });
    // The browser asks before it leaves a page on which something is not saved yet.
    window.addEventListener("beforeunload", (event) => { if (this.unsaved) event.preventDefault(); });
  }

  // What the server refuses is sent again as a page of its own, which says why and keeps what was typed.
  async press(button) {
    clearTimeout(this.timer);
    if (await this.save() === false) this.form.requestSubmit(button);
  }

  later() {
    this.unsaved += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), QUIET_MILLISECONDS);
  }

  async save() {
    const typed = this.unsaved;
    const body = new FormData(this.form);
    for (const input of this.form.querySelectorAll("input[type=file]")) body.delete(input.name);
    body.set("then", "save");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.status === 401) return this.say(this.state.dataset.ended, false);
      const said = await answer.json();
      if (!answer.ok) return this.say(said.message || this.state.dataset.failed, false);
      this.form.elements.edition.value = said.edition;
      this.unsaved -= typed;
      this.show(said.remarks);
      this.list(said.styled);
      this.hide(new Set(said.hidden));
      for (const place of this.form.querySelectorAll("[data-computed]")) {
        place.textContent = said.computed[place.dataset.computed] || "–";
      }
      const now = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
      return this.say(`${this.state.dataset.saved} ${now}`, true);
    } catch {
      return this.say(this.state.dataset.failed, null);
    }
  }

  // Gives back how it went: true when saved, false when refused, null when nobody answered.
  say(words, outcome) {
    this.state.textContent = words;
    return outcome;
  }

  // Which questions are asked depends on the answers; those that are not keep what was typed, out of sight.
  hide(names) {
    for (const question of this.form.querySelectorAll(".question[id^=f-]")) {
      const isHidden = names.has(question.id.slice(2));
      for (const each of [question, question.closest(".locked")]) if (each) each.hidden = isHidden;
    }
  }

  // Notes on style stand beside their questions and, all together, in a list that leads there.
  list(styled) {
    const card = document.querySelector("[data-styled]");
    card.hidden = !styled.length;
    card.querySelector("[data-count]").textContent = styled.length;
    card.querySelector("ul").replaceChildren(...styled.map(([name, asked, words]) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${card.dataset.styled}${name}`;
      link.textContent = asked;
      line.append(link, `: ${words}`);
      return line;
    }));
  }

  show(remarks) {
    for (const place of this.form.querySelectorAll("[data-remarks]")) {
      const lines = (remarks[place.dataset.remarks] || []).map((remark) => {
        const line = document.createElement("p");
        line.className = { error: "error", warning: "doubt", info: "help" }[remark.severity];
        line.textContent = remark.words;
        return line;
      });
      place.replaceChildren(...lines);
    }
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Draft(form);

// A sample of a document is printed by the worker: ask for it, and look until it is there. What is typed meanwhile stays.
const LOOK_MILLISECONDS = 200, MOST_LOOKS = 300;

// The addresses of pages do not say which edition they are of, and the browser shows again what it still has: ask anew.
export function asAnew(panel) {
  for (const picture of panel.querySelectorAll("img")) picture.setAttribute("src", `${picture.getAttribute("src")}?${Date.now()}`);
  return panel;
}

export class Trial {
  constructor(panel) {
    this.panel = panel;
    this.looks = 0;
    this.begin();
  }

  // What was never printed is printed as soon as somebody looks; what failed waits for him.
  begin() {
    const form = this.panel.querySelector("form"), { state } = this.panel.dataset;
    form?.addEventListener("submit", (event) => { event.preventDefault(); this.ask(form); });
    if (state === "unasked") this.ask(form);
    if (state === "waiting" && this.looks < MOST_LOOKS) setTimeout(() => this.look(), LOOK_MILLISECONDS);
  }

  // What the server refuses is sent again as a page of its own, which says why; but not what nobody pressed.
  async ask(form) {
    const pressed = form.contains(document.activeElement);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
      if (answer.type === "opaqueredirect") return this.look();
    } catch { /* nobody answered: the button stays */ }
    return pressed ? form.submit() : undefined;
  }

  async look() {
    this.looks += 1;
    const answer = await fetch(this.panel.dataset.trial).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html"), now = page.querySelector("[data-trial]");
    this.panel.dataset.state = now.dataset.state;
    this.panel.replaceChildren(...asAnew(now).childNodes);
    this.begin();
  }
}

for (const panel of document.querySelectorAll("[data-trial]")) new Trial(panel);
