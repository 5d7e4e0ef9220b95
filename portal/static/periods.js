// The dates of the period that is chosen, as the page itself tells them; without this they are told of the proposed one.

class Periods {
  constructor(form) {
    this.form = form;
    form.addEventListener("change", (event) => {
      if (["period", "number", "year"].includes(event.target.name)) this.look(event.target.name === "period");
    });
  }

  // Another kind of period has other numbers: the page proposes one.
  async look(isOtherKind) {
    const asked = new URLSearchParams();
    for (const name of ["form", "period", ...(isOtherKind ? [] : ["number", "year"])]) {
      if (this.form.elements[name]) asked.set(name, this.form.elements[name].value);
    }
    const answer = await fetch(`?${asked}`).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-periods]");
    for (const name of isOtherKind ? ["number", "year"] : []) {
      this.form.elements[name].value = page.elements[name].value;
    }
    const [old, now] = [this.form, page].map((each) => each.querySelector("[data-dates]"));
    old.className = now.className;
    old.replaceChildren(...now.childNodes);
  }
}

for (const form of document.querySelectorAll("form[data-periods]")) new Periods(form);
