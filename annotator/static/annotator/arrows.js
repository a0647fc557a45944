// Arrow keys: in an article from highlight to highlight, on an annotation to the next one of its list.
// Everything works without it: the marks are links' targets, and the neighbours are links.
"use strict";
{
  const marks = [...document.querySelectorAll("mark[id^='m-']")];
  const current = () => marks.findIndex((mark) => mark.hasAttribute("aria-current"));

  const goTo = (mark) => {
    for (const other of marks) other.removeAttribute("aria-current");
    mark.setAttribute("aria-current", "true");
    mark.tabIndex = -1;
    mark.focus();
    mark.scrollIntoView({ block: "center" });
  };

  const step = (by) => {
    if (document.querySelector(".reading") && marks.length > 0) {
      const at = current();
      const next = at < 0 ? (by > 0 ? 0 : marks.length - 1) : at + by;
      if (marks[next]) goTo(marks[next]);
      return;
    }
    document.querySelector(`.detail a[rel="${by > 0 ? "next" : "prev"}"]`)?.click();
  };

  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || isTyping(event.target)) return;
    if (event.key === "ArrowRight") step(1);
    else if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "Enter" && event.target.matches("mark[aria-current]")) {
      // The note beside it, where its links can be reached with the next Tab.
      const note = document.getElementById(event.target.id.replace("m-", "n-"));
      if (note) {
        note.tabIndex = -1;
        note.focus();
      }
    } else return;
    event.preventDefault();
  });
}
