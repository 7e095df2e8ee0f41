import type { Mail } from '../../mail/mail.ts';
import type { Block, LetterDocument } from './document.ts';
import { day } from './words.ts';

/**
 * The letter as a mail: the same blocks in text and in HTML, nothing fetched from elsewhere, no address that tells who
 * opened it.
 *
 * @param href absolute address of the file
 */
export function letterMail(document: LetterDocument, to: string, href: string): Mail {
  const closing = `Ce courrier est conservé, avec une version à imprimer, sur la page du dossier ${document.reference} :`;
  const noReply =
    'Ce message est envoyé automatiquement : merci de ne pas y répondre. Les coordonnées du service sont en tête du courrier.';
  return {
    to,
    subject: `${document.title} (dossier ${document.reference})`.slice(0, 200),
    text: `${[...textOf(document), closing, href, noReply].join('\n\n')}\n`,
    html: page(document, [
      ...htmlOf(document),
      `<p>${escape(closing)} <a href="${escape(href)}">${escape(href)}</a></p>`,
      `<p>${escape(noReply)}</p>`,
    ]),
    about: `registration:${document.reference}`,
  };
}

function textOf(document: LetterDocument): readonly string[] {
  const { sender, recipient, title, date, reference, blocks, signature } = document;
  return [
    [sender.name, ...sender.lines].join('\n'),
    [recipient.name, ...recipient.lines].join('\n'),
    `Le ${day(date)}`,
    `Dossier ${reference}`,
    `${title}\n${'='.repeat(title.length)}`,
    ...blocks.map(textBlock),
    ...(signature === undefined
      ? []
      : [`${signature.givenName} ${signature.usualName}\n${signature.capacity}\n${signature.organization}`]),
  ];
}

function textBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${block.text}\n${'-'.repeat(block.text.length)}`;
    case 'paragraph':
      return block.text;
    case 'list':
      return block.items.map((item) => `- ${item}`).join('\n');
    case 'facts':
      return block.facts.map(({ name, value }) => `${name}\u00a0: ${value}`).join('\n');
  }
}

function htmlOf(document: LetterDocument): readonly string[] {
  const { sender, recipient, title, date, reference, blocks, signature } = document;
  const lines = (all: readonly string[]) => `<p>${all.map(escape).join('<br>')}</p>`;
  return [
    lines([sender.name, ...sender.lines]),
    lines([recipient.name, ...recipient.lines]),
    lines([`Le ${day(date)}`, `Dossier ${reference}`]),
    `<h1 style="font-size:1.3em">${escape(title)}</h1>`,
    ...blocks.map(htmlBlock),
    ...(signature === undefined
      ? []
      : [
          lines([
            `${signature.givenName} ${signature.usualName}`,
            signature.capacity,
            signature.organization,
          ]),
        ]),
  ];
}

function htmlBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2 style="font-size:1.1em">${escape(block.text)}</h2>`;
    case 'paragraph':
      return `<p>${escape(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`;
    case 'facts':
      return `<dl>${block.facts
        .map(({ name, value }) => `<dt><strong>${escape(name)}</strong></dt><dd>${escape(value)}</dd>`)
        .join('')}</dl>`;
  }
}

const page = (document: LetterDocument, body: readonly string[]): string =>
  [
    '<!doctype html>',
    `<html lang="${document.language}"><head><meta charset="utf-8"><title>${escape(document.title)}</title></head>`,
    '<body style="font-family:sans-serif;line-height:1.5;max-width:40em">',
    ...body,
    '</body></html>',
    '',
  ].join('\n');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replace(/[&<>"']/gu, (sign) => entities[sign] ?? sign);
