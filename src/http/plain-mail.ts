import { frenchSpacing } from './french-spacing.ts';

/** What a mail of a few sentences is made of. */
export interface PlainMail {
  readonly to: string;
  readonly subject: string;
  readonly sentences: readonly string[];
  /** The one address of the mail, when there is one: a sentence that is nothing else. */
  readonly link?: string | undefined;
  /** What it is about: `invitation:…`. */
  readonly about: string;
}

/** A mail in French, as text and as HTML, with a greeting and a last line. Its sentences hold nothing that people typed as it is. */
export function plainMail({ to, subject, sentences, link, about }: PlainMail): {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly about: string;
} {
  const all = [
    'Bonjour,',
    ...sentences,
    'Ce message est envoyé automatiquement : merci de ne pas y répondre.',
  ];
  const lines = all.map((line) => (line === link ? line : frenchSpacing(line)));
  return {
    to,
    subject: inOneLine(subject).slice(0, 200),
    text: `${lines.join('\n\n')}\n`,
    html: [
      '<!doctype html>',
      `<html lang="fr"><head><meta charset="utf-8"><title>${escape(subject)}</title></head>`,
      '<body style="font-family:sans-serif;line-height:1.5;max-width:40em">',
      ...lines.map((line) =>
        line === link ? `<p><a href="${escape(line)}">${escape(line)}</a></p>` : `<p>${escape(line)}</p>`,
      ),
      '</body></html>',
      '',
    ].join('\n'),
    about,
  };
}

/** Control characters and line breaks of any alphabet are blanks: a database refuses some, and a reader sees none. */
export const inOneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replace(/[&<>"']/gu, (sign) => entities[sign] ?? sign);
