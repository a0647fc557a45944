import type { ComponentChildren, JSX } from "preact";
import { type Block, parseMarkdown } from "./markdown.ts";
import type { Inline } from "./markdown-inline.ts";

/** A note as the reader wrote it, shown through Preact nodes only: nothing in it can become markup. */
export function Markdown({ note }: { readonly note: string }): JSX.Element {
  return <div class="markdown">{parseMarkdown(note).map(showBlock)}</div>;
}

function showBlock(block: Block): ComponentChildren {
  switch (block.kind) {
    case "paragraph":
      return <p>{block.children.map(showInline)}</p>;
    case "code":
      return (
        <pre>
          <code>{block.text}</code>
        </pre>
      );
    case "quote":
      return <blockquote>{block.blocks.map(showBlock)}</blockquote>;
    case "list": {
      const items = block.items.map((item) => <li>{item.map(showInline)}</li>);
      return block.ordered ? <ol start={block.first}>{items}</ol> : <ul>{items}</ul>;
    }
  }
}

function showInline(node: Inline): ComponentChildren {
  switch (node.kind) {
    case "text":
      return node.text;
    case "code":
      return <code>{node.text}</code>;
    case "break":
      return <br />;
    case "emphasis":
      return <em>{node.children.map(showInline)}</em>;
    case "strong":
      return <strong>{node.children.map(showInline)}</strong>;
    case "link":
      return (
        <a href={node.address} target="_blank" rel="noopener noreferrer">
          {node.children.map(showInline)}
        </a>
      );
  }
}
