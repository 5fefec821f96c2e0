/** A folder that others filled: nothing in it may hang, leak or exhaust the tool. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_FOLDER_ENTRIES } from '../src/files/foreign-file.ts';
import { findSet, MAX_SET_BYTES } from '../src/files/message-set-file.ts';
import {
  findMessage,
  type LoadedMessage,
  MAX_MESSAGE_FILE_BYTES,
  MAX_MESSAGE_FILES,
  messageText,
  readMessages,
  scanMessages,
} from '../src/files/messages.ts';
import { runCli, systemDeps } from '../src/index.ts';
import { keyOf, messagesOf } from './fixture.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
let messages: LoadedMessage[];
beforeAll(async () => {
  messages = await messagesOf([keyOf(0), keyOf(1)]);
});
const text = (party: number) => messageText(engine, messages[party]!.signed);

describe('a folder of messages', () => {
  it('goes by what is signed, not by names', () => {
    writeFileSync(dir.path('message_1.json'), text(0));
    writeFileSync(dir.path('a.json'), text(1));
    writeFileSync(dir.path('readme.txt'), 'not a message');
    const found = readMessages(engine, dir.path());
    expect(found.map(({ file }) => file)).toEqual(['message_1.json', 'a.json']);
  });

  it('with two of one sender is refused, also when they are the same', () => {
    writeFileSync(dir.path('a.json'), text(0));
    writeFileSync(dir.path('b.json'), text(0));
    expect(() => readMessages(engine, dir.path())).toThrow('a.json and b.json');
  });

  it('cannot play tricks with names', () => {
    writeFileSync(dir.path('a\u001b[2J.json'), text(0));
    expect(() => readMessages(engine, dir.path())).toThrow('cannot be shown');
    expect(() => readMessages(engine, dir.path())).not.toThrow('\u001b');
  });

  it('is told file by file', () => {
    writeFileSync(dir.path('a.json'), text(0));
    writeFileSync(dir.path('b.json'), '{}');
    const [a, b] = scanMessages(engine, dir.path());
    expect(a).toHaveProperty('signed');
    expect(b).toMatchObject({ fault: { code: 'COMMITTEE_MESSAGE' } });
  });

  it('never has its content quoted', () => {
    const secret = 'suiprivkey1qsecret';
    writeFileSync(dir.path('a.json'), secret);
    expect(() => readMessages(engine, dir.path())).toThrow('it is not JSON');
    expect(() => readMessages(engine, dir.path())).not.toThrow(secret);
    writeFileSync(dir.path('a.json'), JSON.stringify({ message: secret }));
    expect(() => readMessages(engine, dir.path())).toThrow('is not hex');
    expect(() => readMessages(engine, dir.path())).not.toThrow(secret);
  });

  it.runIf(process.platform !== 'win32')('with a link or a pipe is refused at once', () => {
    writeFileSync(dir.path('secret'), 'secret');
    symlinkSync(dir.path('secret'), dir.path('a.json'));
    expect(() => findMessage(engine, dir.path('a.json'))).toThrow('it is a link');
    execFileSync('mkfifo', [dir.path('b.json')]);
    expect(() => findMessage(engine, dir.path('b.json'))).toThrow('not a plain file');
    expect(() => findSet('/dev/zero')).toThrow('not a plain file');
    mkdirSync(dir.path('c.json'));
    expect(() => findMessage(engine, dir.path('c.json'))).toThrow('not a plain file');
  });

  it('bounds the size of a file', () => {
    const padded = (bytes: number) => text(0).padEnd(bytes, ' ');
    writeFileSync(dir.path('a.json'), padded(MAX_MESSAGE_FILE_BYTES));
    expect(findMessage(engine, dir.path('a.json'))?.message.sender).toBe(0);
    writeFileSync(dir.path('a.json'), padded(MAX_MESSAGE_FILE_BYTES + 1));
    expect(() => findMessage(engine, dir.path('a.json'))).toThrow('more than');
    writeFileSync(dir.path('s.sig'), '');
    truncateSync(dir.path('s.sig'), MAX_SET_BYTES + 1);
    expect(() => findSet(dir.path('s.sig'))).toThrow('more than');
    truncateSync(dir.path('s.sig'), MAX_SET_BYTES);
    expect(() => findSet(dir.path('s.sig'))).toThrow('not JSON');
  });

  const fill = (count: number, ending: string) => {
    for (let i = 0; i < count; i++) writeFileSync(dir.path(`${i}.${ending}`), '');
  };
  it('bounds the number of messages', () => {
    fill(MAX_MESSAGE_FILES, 'json');
    expect(scanMessages(engine, dir.path())).toHaveLength(MAX_MESSAGE_FILES);
    writeFileSync(dir.path('more.json'), '');
    expect(() => scanMessages(engine, dir.path())).toThrow('holds 2001 message files');
  });

  it('bounds the number of files', () => {
    writeFileSync(dir.path('a.json'), text(0));
    fill(MAX_FOLDER_ENTRIES - 1, 'txt');
    expect(readMessages(engine, dir.path())).toHaveLength(1);
    writeFileSync(dir.path('more.txt'), '');
    expect(() => readMessages(engine, dir.path())).toThrow('more than 5000 files');
  });
});

describe('what others wrote', () => {
  it('cannot move the cursor of a terminal, or write backwards', async () => {
    const escapes = '\\e[2J\\e]0;mine\\a\\u202egnp.exe';
    const yaml = `init-params:\n  NETWORK: "${escapes}"\n  THRESHOLD: 2\n`;
    mkdirSync(dir.path('dkg-state'), { recursive: true });
    writeFileSync(dir.path('dkg-state', 'dkg.yaml'), yaml);
    const shown: string[] = [];
    const show = (line: string) => void shown.push(line);
    await runCli(['check-committee'], {
      ...systemDeps,
      cwd: dir.path(),
      terminal: undefined,
      out: show,
      note: show,
    });
    expect(shown.join('\n')).toContain('?[2J?]0;mine??gnp.exe');
    expect(shown.join('\n')).not.toMatch(/[^\P{C}\n]/u);
  });
});
