import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { isLoopback } from '../config/config.ts';
import type { Answer } from './attempts.ts';
import { plainAddress } from './check-mail.ts';
import type { Claimed } from './queue.ts';

/** Milliseconds. The last is for a whole sending: half of what a claim holds (queue.ts). */
const patience = { connect: 10_000, silence: 20_000, sending: 60_000 } as const;

/** What nodemailer says of a failure; everything else is unknown here. */
const failureSchema = z.object({
  message: z.string(),
  command: z.string().optional(),
  /** 5xx but for 503. */
  permanent: z.boolean().optional(),
  responseCode: z.int().optional(),
  response: z.string().optional(),
});

/** Never rejects: whatever happened is an answer. */
export type Send = (mail: Claimed) => Promise<Answer>;

export function createSender(needs: {
  readonly smtpUrl: string;
  readonly from: string;
  /** For the Message-ID. */
  readonly host: string;
}): Send {
  const { smtpUrl, from, host } = needs;
  const server = new URL(smtpUrl);
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: patience.connect,
    greetingTimeout: patience.connect,
    socketTimeout: patience.silence,
    // A password never travels in clear, whatever the server or who stands before it offers (RFC 8314 §3.3).
    ...(server.password !== '' && !isLoopback(server.hostname) ? { requireTLS: true } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async (mail) => {
    // Checked when written; a row is a boundary all the same.
    const to = plainAddress.safeParse(mail.recipient);
    if (!to.success) return { outcome: 'refused', problem: 'the address is not one plain address' };
    try {
      await transport.sendMail({
        from: { name: 'Maillon', address: from },
        to: { name: '', address: to.data },
        // Said by themselves: nothing is read out of the headers.
        envelope: { from, to: [to.data] },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        // RFC 3461: what comes back, if anything does, says which mail it was, by what its recipient does not know.
        dsn: { id: mail.envelopeId, return: 'headers', notify: ['failure'] },
        date: mail.created_at,
        messageId: `<${mail.id}@${host}>`,
        // RFC 3834 §5: no answering machine answers.
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': 'fr' },
        signal: AbortSignal.timeout(patience.sending),
      });
      return { outcome: 'sent' };
    } catch (error) {
      return answerOf(error, to.data);
    }
  };
}

/** '550 5.1.1': the reply code and, where the server gives one, the enhanced code (RFC 2034 §4). */
function codeOf(reply: number | undefined, response = ''): string | undefined {
  if (reply === undefined || reply < 500 || reply > 599) return undefined;
  const enhanced = /^\d{3}[ -](5\.\d{1,3}\.\d{1,3})\b/u.exec(response)?.[1];
  return enhanced === undefined ? String(reply) : `${reply} ${enhanced}`;
}

/**
 * The server's last word on this recipient or this message (RFC 5321 §4.2.1, 5yz) ends it. Other refusals for good, of our
 * password or of our sender address, concern every mail: the deployer has a day to mend them.
 */
function answerOf(error: unknown, recipient: string): Answer {
  const read = failureSchema.safeParse(error);
  if (!read.success) return { outcome: 'failed', problem: String(error).slice(0, 500) };
  const { message, command, permanent } = read.data;
  const ofThisMail = command === 'RCPT TO' || command === 'DATA';
  // Servers repeat the address that they refuse; the log does not.
  const problem = message.replaceAll(recipient, 'the address').slice(0, 500);
  if (permanent !== true || !ofThisMail) return { outcome: 'failed', problem };
  return { outcome: 'refused', problem, code: codeOf(read.data.responseCode, read.data.response) };
}
