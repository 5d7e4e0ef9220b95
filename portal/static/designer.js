// The designer by drag and by keyboard; without this its buttons do the same.

import { asAnew, Trial } from "./portal.js";

class Designer {
  constructor(form) {
    this.form = form;
    this.dragged = null;
    // The browser asks before it leaves what is not saved; every button of the form saves it.
    this.unsaved = "unsaved" in form.dataset;
    form.addEventListener("input", () => { this.unsaved = true; });
    form.addEventListener("submit", () => { this.unsaved = false; });
    window.addEventListener("beforeunload", (event) => { if (this.unsaved) event.preventDefault(); });
    this.teachAll();
    if (document.querySelector("[data-trial]")) new Beside(this);
    for (const select of form.querySelectorAll("select[data-decides]")) this.heed(select);
  }

  // What the parts of a thing are depends on what is chosen in some of them: show the others at once. Whoever goes
  // through the answers by keyboard passes some that he does not want, so what he chose is what he leaves.
  heed(select) {
    let typing = false, passed = false;
    const show = () => this.ask("save", select.id);
    select.addEventListener("keydown", () => { typing = true; });
    select.addEventListener("pointerdown", () => { typing = false; });
    select.addEventListener("change", () => { if (typing) passed = true; else show(); });
    select.addEventListener("blur", (event) => {
      if (passed && event.relatedTarget?.type !== "submit") show();  // a button saves all by itself
    });
  }

  teachAll() {
    for (const item of this.form.querySelectorAll(".tree li[draggable=true]")) this.teach(item);
  }

  teach(item) {
    item.addEventListener("dragstart", (event) => {
      this.dragged = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.dataset.path);
    });
    item.addEventListener("dragend", () => { this.dragged = null; this.mark(null); });
    item.addEventListener("dragover", (event) => {
      if (!this.fits(item)) return;
      event.preventDefault();
      this.mark(item);
    });
    item.addEventListener("drop", (event) => {
      if (!this.fits(item)) return;
      event.preventDefault();
      this.drop(item);
    });
    item.addEventListener("keydown", (event) => {
      if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
      event.preventDefault();
      this.ask(`${event.key === "ArrowUp" ? "up" : "down"}:${item.dataset.path}`, "here");
    });
  }

  // A thing goes before another of a list of the same name, never into itself.
  fits(item) {
    if (!this.dragged || item === this.dragged) return false;
    const last = (path) => path.split(".").pop();
    const own = `${this.dragged.dataset.path}.`;
    return last(item.dataset.list) === last(this.dragged.dataset.list) && !item.dataset.list.startsWith(own);
  }

  mark(item) {
    for (const other of this.form.querySelectorAll(".tree li.over")) other.classList.remove("over");
    if (item) item.classList.add("over");
  }

  drop(item) {
    const same = item.dataset.list === this.dragged.dataset.list;
    const before = Number(item.dataset.number);
    const number = same && Number(this.dragged.dataset.number) < before ? before - 1 : before;
    this.ask(`move:${this.dragged.dataset.path}>${item.dataset.list}>${number}`);
  }

  // Press a button that is not there; `back` is the id of what has the focus afterwards.
  ask(verb, back = "") {
    const place = document.createElement("input");
    place.type = "hidden";
    place.name = "back";
    place.value = back;
    this.form.append(place);
    const button = document.createElement("button");
    button.name = "then";
    button.value = verb;
    button.hidden = true;
    this.form.append(button);
    this.form.requestSubmit(button);
  }
}

// A template is printed while it is written: what was typed is saved when its input is left, or a while after typing
// stops, and the pages beside it follow. The panel stays as it is, so nobody loses his place.
const QUIET_MILLISECONDS = 3000;

class Beside {
  constructor(designer) {
    this.designer = designer;
    this.form = designer.form;
    this.timer = null;
    this.flight = null;
    this.form.addEventListener("input", () => this.later(QUIET_MILLISECONDS));
    this.form.addEventListener("change", () => this.later(0));
    // A button that is pressed while something is on its way waits for it, or it would be overtaken by its own panel.
    this.form.addEventListener("submit", (event) => {
      clearTimeout(this.timer);
      if (!this.flight) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      this.flight.then(() => this.form.requestSubmit(button));
    }, { capture: true });
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.flight) return this.later(QUIET_MILLISECONDS);
      this.flight = this.save().then(() => { this.flight = null; });
      return this.flight;
    }, wait);
  }

  // What the server refuses is left as it was typed: the Save button says why.
  async save() {
    const body = new FormData(this.form);
    body.set("then", "save");
    this.designer.unsaved = false; // typing meanwhile says otherwise
    try {
      const answer = await fetch(this.form.action, { method: "POST", body });
      if (!answer.ok) throw new Error(answer.statusText);
      this.show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      this.designer.unsaved = true;
    }
  }

  show(page) {
    const saved = page.querySelector("form[data-design]");
    if (!saved) return;
    this.form.elements.edition.value = saved.elements.edition.value;
    for (const place of ["[data-standing]", ".tree ol"]) {
      document.querySelector(place).replaceWith(page.querySelector(place));
    }
    this.designer.teachAll();
    const trial = page.querySelector("[data-trial]"), before = document.querySelector("[data-trial]");
    if (!trial) return; // something is wrong with it now: the last pages stay
    before.replaceWith(asAnew(trial));
    new Trial(trial);
  }
}

// What can be put into a text goes where the cursor stood in it last, and can be taken back like typing.
for (const button of document.querySelectorAll("button[data-insert]")) {
  const text = document.getElementById(button.dataset.insert);
  button.hidden = false;
  button.addEventListener("click", () => {
    text.setRangeText(button.dataset.code, text.selectionStart, text.selectionEnd, "end");
    text.focus();
    text.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

for (const form of document.querySelectorAll("form[data-design]")) new Designer(form);

// In a narrow window the picture of a phone is the one that fits.
const NARROW = "(width < 40rem)";
if (matchMedia(NARROW).matches) {
  for (const each of document.querySelectorAll("details[data-for]")) each.open = each.dataset.for === "phone";
}
