// Signs with the program of the Government's authority at one's own computer; only where the operator names its address.

const PATIENCE_MILLISECONDS = 120000;

// One question to the program, and its one answer.
function ask(address, verb, question) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    const timer = setTimeout(() => { socket.close(); reject(new Error("timeout")); }, PATIENCE_MILLISECONDS);
    const end = (deed, value) => { clearTimeout(timer); deed(value); socket.close(); };
    socket.addEventListener("open", () => socket.send(JSON.stringify({ Function: verb, Params: question })));
    socket.addEventListener("message", (event) => end(resolve, String(event.data)));
    socket.addEventListener("error", () => end(reject, new Error("absent")));
  });
}

async function sign(form, say) {
  const begun = await fetch(form.action, {
    method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
  });
  const told = await begun.json();
  if (!begun.ok) return say(told.message);
  say(form.dataset.busy);
  let answer;
  try {
    answer = JSON.parse(await ask(form.dataset.program, told.verb, told.question));
  } catch {
    return say(form.dataset.absent);
  }
  if (answer.Status === 0) location.assign(told.then);
  else say(answer.Message || form.dataset.refused);
}

for (const form of document.querySelectorAll("form[data-program]")) {
  const said = form.querySelector("[data-said]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await sign(form, (words) => { said.textContent = words; });
    for (const input of form.querySelectorAll("input[type=password], [name=one_time_code]")) input.value = "";
    form.querySelector("button").disabled = false;
  });
}
