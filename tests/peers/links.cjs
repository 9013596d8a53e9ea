// What the markup parsers of others find in our messages: reads {"discord": [texts], "slack": [texts]} from standard
// input, writes for each text the list of what can be opened or pings.

const { parse } = require("discord-markdown-parser");
const { escapeForSlackWithMarkdown } = require("slack-to-html");
const simple = require("simple-markdown");

const LIVE = new Set(["user", "channel", "role", "everyone", "here", "timestamp", "slashCommand", "image"]);

function live(node, found) {
  if (Array.isArray(node)) {
    node.forEach((each) => live(each, found));
  } else if (node && typeof node === "object") {
    if (typeof node.target === "string") found.push(node.target);
    else if (LIVE.has(node.type)) found.push(node.type);
    live(node.content, found);
  }
  return found;
}

function discord(text) {
  return [...live(parse(text, "extended"), []), ...live(simple.defaultInlineParse(text), [])];
}

function slack(text) {
  const html = escapeForSlackWithMarkdown(text);
  return [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
}

const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify({ discord: asked.discord.map(discord), slack: asked.slack.map(slack) }));
