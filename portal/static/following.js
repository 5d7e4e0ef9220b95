// A page that waits for the worker looks again by itself, and shows what of its marked parts is new. Without this file
// the link "Look again" does the same.
const FIRST_MILLISECONDS = 1000, LAST_MILLISECONDS = 15000, SLOWER = 1.3;

class Follower {
  constructor(page) {
    this.page = page;
    this.pause = FIRST_MILLISECONDS;
    this.later();
  }

  later() {
    if (this.page.dataset.state !== "rendering") return;
    setTimeout(() => this.look(), this.pause);
    this.pause = Math.min(this.pause * SLOWER, LAST_MILLISECONDS);
  }

  async look() {
    const answer = await fetch(this.page.dataset.follow).catch(() => null);
    if (answer?.redirected) return; // signed out
    if (answer?.ok) this.show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    this.later();
  }

  // What is the same stays, so that nothing is read aloud twice.
  show(document_) {
    const now = document_.querySelector("[data-follow]");
    if (!now) return;
    this.page.dataset.state = now.dataset.state;
    for (const part of this.page.querySelectorAll("[data-followed]")) {
      const anew = now.querySelector(`[data-followed="${part.dataset.followed}"]`);
      if (anew && anew.innerHTML !== part.innerHTML) part.replaceChildren(...anew.childNodes);
    }
  }
}

for (const page of document.querySelectorAll("[data-follow]")) new Follower(page);
