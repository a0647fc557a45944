// The article's text comes by script, as on sites that load it after the frame.
setTimeout(
  () => {
    const late = document.getElementById("late");
    document.getElementById("waiting").replaceWith(late.content.cloneNode(true));
  },
  Number(document.currentScript.dataset.delay),
);
