// A file that is dropped anywhere on the page is chosen; without this the browser would open it instead.

const input = document.querySelector("#file.drop");

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    input.classList.toggle("over", name === "dragover");
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
}

document.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  input.focus();
});
