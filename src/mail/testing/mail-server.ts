import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** What it was sent with (RFC 3461 §4.4), which stands nowhere in the message. */
  readonly envelope: string | undefined;
  /** The message as it came, headers and body. */
  readonly raw: string;
}

/** A real mail server on loopback. It refuses recipients as told: `refuse-550@…`, or the next `n` messages with 451. */
export interface MailServer {
  readonly url: string;
  readonly received: readonly ReceivedMail[];
  /** How many messages, from now on, are answered 451 at the end of DATA. */
  deferNext(count: number): void;
  /** Called before each message is accepted; the client waits for it. */
  onMessage(hook: () => Promise<unknown>): void;
  close(): Promise<void>;
}

export async function startMailServer(port = 0): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  let deferred = 0;
  let hook: () => Promise<unknown> = () => Promise.resolve();
  const refusal = (code: number, message: string) =>
    Object.assign(new Error(message), { responseCode: code });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    hideDSN: false,
    closeTimeout: 100,
    onRcptTo({ address }, _session, done) {
      done(
        /^refuse-5\d\d@/u.test(address)
          ? refusal(Number(address.slice(7, 10)), `5.1.1 no such user <${address}>`)
          : undefined,
      );
    },
    onMailFrom({ address }, _session, done) {
      done(address.startsWith('stranger@') ? refusal(553, 'sender not allowed') : undefined);
    },
    onData(stream, session, done) {
      void text(stream).then(async (raw) => {
        await hook();
        if (deferred > 0) {
          deferred -= 1;
          done(refusal(451, 'come back later'));
          return;
        }
        const { mailFrom, rcptTo, dsn } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          envelope: dsn?.envid ?? undefined,
          raw,
        });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    received,
    deferNext: (count) => (deferred = count),
    onMessage: (next) => (hook = next),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
