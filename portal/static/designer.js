// The designer by drag and by keyboard; without this its buttons do the same.

class Designer {
  constructor(form) {
    this.form = form;
    this.dragged = null;
    for (const item of form.querySelectorAll(".tree li[draggable=true]")) this.teach(item);
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

for (const form of document.querySelectorAll("form[data-design]")) new Designer(form);
