import { frenchSpacing } from './french-spacing.ts';

/** What a mail of a few sentences is made of. */
export interface PlainMail {
  readonly to: string;
  readonly subject: string;
  readonly sentences: readonly string[];
  /** The same in English, after the French, for those who may read no French. */
  readonly english?: readonly string[] | undefined;
  /** The one address of the mail, when there is one: a sentence that is nothing else. */
  readonly link?: string | undefined;
  /** What it is about: `invitation:…`. */
  readonly about: string;
}

/**
 * A mail in French, and in English where it is given, as text and as HTML, with a greeting and a last line. Its sentences
 * hold nothing that people typed as it is.
 */
export function plainMail({ to, subject, sentences, english, link, about }: PlainMail): {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly about: string;
} {
  const french = [
    'Bonjour,',
    ...sentences,
    'Ce message est envoyé automatiquement : merci de ne pas y répondre.',
  ].map((line) => (line === link ? line : frenchSpacing(sentence(line))));
  const other =
    english === undefined
      ? []
      : ['Hello,', ...english, 'This message is sent automatically: please do not reply.'].map((line) =>
          line === link ? line : sentence(line),
        );
  const paragraph = (line: string): string =>
    line === link ? `<p><a href="${escape(line)}">${escape(line)}</a></p>` : `<p>${escape(line)}</p>`;
  return {
    to,
    subject: inOneLine(subject).replace(turning, '').slice(0, 200),
    text: `${[...french, ...(english === undefined ? [] : ['--- In English ---', ...other])].join('\n\n')}\n`,
    html: [
      '<!doctype html>',
      `<html lang="fr"><head><meta charset="utf-8"><title>${escape(subject)}</title></head>`,
      '<body style="font-family:sans-serif;line-height:1.5;max-width:40em">',
      ...french.map(paragraph),
      ...(english === undefined ? [] : ['<hr>', '<div lang="en">', ...other.map(paragraph), '</div>']),
      '</body></html>',
      '',
    ].join('\n'),
    about,
  };
}

/**
 * One line, whatever name stands in it; and no address but the mail's own: programs that read mails make a link of what looks
 * like one, unless a word joiner stands in it.
 */
const sentence = (line: string): string =>
  inOneLine(line)
    .replace(turning, '')
    .replaceAll('://', ':\u2060//')
    .replace(/\bwww\./giu, '$&\u2060');

/** Marks by which what follows is read from the other side (Unicode TR 36 §3.5): “gpj.exe” as “exe.jpg”. */
const turning = /\p{Bidi_Control}/gu;

/**
 * A name as somebody wrote it, to stand in a sentence of a mail: one line, cut, without signs that nobody sees, and nothing that a
 * mail program makes a link of, `docs.example` and `moi@docs.example` included: a word joiner stands after each dot, colon,
 * slash and at sign.
 *
 * @param most characters
 */
export const nameInMail = (name: string, most = 200): string =>
  inOneLine(name.replace(/\p{Cf}/gu, ''))
    .slice(0, most)
    .replace(/[.:@/](?=\S)/gu, '$&\u2060');

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
