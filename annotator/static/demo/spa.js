// A site whose stories are drawn by script: links between them change the address without a load,
// and what is drawn is drawn again (every text node replaced by a new one) two seconds later and at the button.
const stories = JSON.parse(document.getElementById("stories").textContent);
const main = document.querySelector("main");

function draw() {
  const story = stories[location.pathname];
  main.innerHTML = story.html;
  document.title = story.title;
  document.querySelector("link[rel=canonical]").href = location.pathname;
  setTimeout(drawAgain, 2000);
}

function drawAgain() {
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes) node.replaceWith(document.createTextNode(node.data));
}

document.getElementById("stories-nav").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  draw();
});
document.getElementById("again").addEventListener("click", drawAgain);
addEventListener("popstate", draw);
setTimeout(draw, Number(document.currentScript.dataset.delay));
