// The parts a page is made of, as far as a rule of axe could tell them apart. Words, numbers and addresses are left out.
() => {
  const TOLD = new Set("autocomplete class dir lang method role scope tabindex type http-equiv".split(" "));
  const REFERS = new Set("aria-controls aria-describedby aria-labelledby aria-owns for form headers list".split(" "));
  const WORDS = new Set("aria-label aria-description aria-roledescription aria-valuetext".split(" "));
  const TARGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const LANDMARKS = "main, nav, header, footer, aside, form, section, [role]";
  const LEAST = 24;

  const attribute = ({ name, value }) => {
    if (REFERS.has(name)) return `${name}:${value.split(/\s+/).every((id) => document.getElementById(id)) ? "found" : "lost"}`;
    if (TOLD.has(name) || (name.startsWith("aria-") && !WORDS.has(name))) return `${name}=${value}`;
    if (name === "href" && value.startsWith("#")) return `href:${document.getElementById(value.slice(1)) ? "found" : "lost"}`;
    return value.trim() ? name : `${name}:empty`;
  };
  const bare = (each) => `${each.localName}.${each.className?.baseVal ?? each.className}`;
  const children = (each) => [...new Set([...each.children].map((child) => child.localName))].sort().join("+");
  const writes = (each) => [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());

  const backdrop = (each) => {
    for (let at = each; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(at);
      if (backgroundImage !== "none") return "picture";
      if (backgroundColor !== "rgba(0, 0, 0, 0)") return backgroundColor;
    }
    return "";
  };
  const boxes = [...document.querySelectorAll(TARGETS)].map((each) => [each, each.getBoundingClientRect()]);
  const crowded = (each, box) => {
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const reach = (other) => Math.hypot(Math.max(other.left - x, 0, x - other.right), Math.max(other.top - y, 0, y - other.bottom));
    return boxes.some(([other, its]) => other !== each && its.width && !other.contains(each) && reach(its) < LEAST);
  };
  const looks = (each) => {
    const style = getComputedStyle(each);
    const facts = [style.display, style.position];
    if (writes(each) || each.matches("input, select, textarea")) {
      facts.push(style.color, backdrop(each), style.opacity, style.fontSize, style.fontWeight, style.textDecorationLine);
    }
    const box = each.getBoundingClientRect();
    const small = each.matches(TARGETS) && (box.width < LEAST || box.height < LEAST);
    if (small) facts.push(crowded(each, box) ? "small and crowded" : "small");
    const over = each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight;
    if (over && style.overflow !== "visible") facts.push(each.querySelector(TARGETS) ? "scrolls" : "scrolls unreached");
    return facts.join(" ");
  };
  const part = (each) =>
    [
      bare(each.parentElement ?? each),
      each.parentElement?.closest(LANDMARKS)?.localName,
      each.localName,
      [...each.attributes].map(attribute).sort().join(" "),
      children(each),
      writes(each) ? "writes" : each.textContent.trim() ? "holds words" : "silent",
      each.labels && (each.labels.length ? "labelled" : "unlabelled"),
      each.checkVisibility({ visibilityProperty: true }) ? looks(each) : "hidden",
    ].join(" | ");

  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6, [role=heading]")].map((each) => each.localName);
  const landmarks = [...document.querySelectorAll(LANDMARKS)].map((each) => `${bare(each)} ${each.getAttribute("aria-label")}`);
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  return [
    ...new Set([...document.querySelectorAll("*")].map(part)),
    ...headings.map((each, at) => `heading ${each} after ${headings[at - 1]}`),
    ...landmarks.filter((each, at) => landmarks.indexOf(each) !== at).map((each) => `two landmarks ${each}`),
    ...twice.map((id) => `two elements ${id}`),
    `title ${Boolean(document.title.trim())}`,
  ];
}
