"""The functions that the interface evaluates in pages. They look, scroll and measure; they change nothing."""

# (selector) -> {text} or null
VISIBLE_TEXT = """(selector) => {
  const element = document.querySelector(selector);
  return element && { text: element.innerText };
}"""

# (selector, words) -> boolean; white space counts as one space
SHOWS = """(selector, words) => {
  const plain = (text) => text.replace(/\\s+/g, " ");
  const element = document.querySelector(selector);
  return element !== null && plain(element.innerText).includes(plain(words));
}"""

# (selector) -> [x, y] or null while it is missing, without a box, or covered by something else
CLICKABLE_POINT = """(selector) => {
  const element = document.querySelector(selector);
  if (element === null) return null;
  element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  const box = [...element.getClientRects()].find((rect) => rect.width > 0 && rect.height > 0);
  if (box === undefined || element.disabled === true) return null;
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const hit = document.elementFromPoint(x, y);
  return hit !== null && (element.contains(hit) || hit.contains(element)) ? [x, y] : null;
}"""

# (start, end, within, occurrence) -> {text, first, last, middle} or null while the text is not there.
# `first` is just inside the left edge of the first character, `last` just inside the right edge of the last.
PLACE_OF_TEXT = """(start, end, within, occurrence) => {
  const root = document.querySelector(within);
  if (root === null) return null;
  let text = "";
  const places = [];
  let last = null;
  const blockOf = (element) =>
    getComputedStyle(element).display.startsWith("inline") ? blockOf(element.parentElement) : element;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement.closest("script, style, noscript, template, textarea") !== null) continue;
    if (!node.parentElement.checkVisibility({ visibilityProperty: true })) continue;
    // Two blocks never run together: what stands at the seam counts as white space.
    const block = blockOf(node.parentElement);
    if (block !== last && text !== "" && !text.endsWith(" ")) { text += " "; places.push(null); }
    last = block;
    for (let offset = 0; offset < node.data.length; offset++) {
      const space = /\\s/.test(node.data[offset]);
      if (space && text.endsWith(" ")) continue;
      text += space ? " " : node.data[offset];
      places.push({ node, offset });
    }
  }
  const plain = (words) => words.replace(/\\s+/g, " ").trim();
  const [from, to] = [plain(start), end === null ? null : plain(end)];
  let begin = -1;
  for (let count = 0; count < occurrence; count++) {
    begin = text.indexOf(from, begin + 1);
    if (begin < 0) return null;
  }
  const closing = to === null ? begin : text.indexOf(to, begin + from.length);
  if (closing < 0) return null;
  const finish = closing + (to ?? from).length - 1;
  const boxOf = (index) => {
    const { node, offset } = places[index];
    const range = document.createRange();
    range.setStart(node, offset);
    range.setEnd(node, offset + 1);
    return [...range.getClientRects()].find((rect) => rect.width > 0) ?? range.getBoundingClientRect();
  };
  const above = () => boxOf(begin).top, below = () => boxOf(finish).bottom;
  if (above() < 80 || below() > innerHeight - 80) {
    const middle = (above() + below()) / 2;
    scrollBy({ top: middle - innerHeight / 2, behavior: "instant" });
  }
  const head = boxOf(begin), tail = boxOf(finish);
  const edge = (box) => Math.min(1, box.width / 4);
  const firstLine = document.createRange();
  firstLine.setStart(places[begin].node, places[begin].offset);
  const room = places[begin].node.data.length;
  firstLine.setEnd(places[begin].node, Math.min(room, places[begin].offset + from.length));
  const line = firstLine.getClientRects()[0];
  return {
    text: text.slice(begin, finish + 1),
    first: [head.left + edge(head), head.top + head.height / 2],
    last: [tail.right - edge(tail), tail.top + tail.height / 2],
    middle: [line.left + line.width / 2, line.top + line.height / 2],
  };
}"""

# (prefix) -> [{name, text}] in page order
PAINTED = """(prefix) => {
  const found = [];
  CSS.highlights.forEach((highlight, name) => {
    if (name.startsWith(prefix)) highlight.forEach((range) => found.push({ name, range }));
  });
  const live = (range) => {
    const copy = document.createRange();
    copy.setStart(range.startContainer, range.startOffset);
    copy.setEnd(range.endContainer, range.endOffset);
    return copy;
  };
  return found
    .map(({ name, range }) => ({ name, range: live(range) }))
    .sort((a, b) => a.range.compareBoundaryPoints(Range.START_TO_START, b.range))
    .map(({ name, range }) => ({ name, text: range.toString() }));
}"""
