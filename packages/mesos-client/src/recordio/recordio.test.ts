import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordIoError } from '../errors.js';
import { RecordIoDecoder } from './decoder.js';
import { encodeRecord } from './encoder.js';

const bytes = (text: string) => Buffer.from(text, 'utf8');
const texts = (records: readonly Uint8Array[]) => records.map((record) => Buffer.from(record).toString('utf8'));

function failure(run: () => unknown): RecordIoError {
  try {
    run();
  } catch (error) {
    if (error instanceof RecordIoError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('RecordIoDecoder', () => {
  it('gives back what was encoded, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), fc.array(fc.nat(40)), (records, cuts) => {
        const stream = Buffer.concat(records.map(encodeRecord));
        const decoder = new RecordIoDecoder();
        const decoded: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          decoded.push(...decoder.push(stream.subarray(at, at + cut)));
          at += cut;
        }
        decoded.push(...decoder.push(stream.subarray(at)));
        decoder.end();
        expect(decoded.map((record) => [...record])).toEqual(records.map((record) => [...record]));
      }),
    );
  });

  it('neither hangs nor crashes on any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (chunks) => {
        const decoder = new RecordIoDecoder({ maxRecordBytes: 100 });
        try {
          for (const chunk of chunks) decoder.push(chunk);
          decoder.end();
        } catch (error) {
          expect(error).toBeInstanceOf(RecordIoError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('counts bytes, not characters', () => {
    expect(texts(new RecordIoDecoder().push(bytes('5\nüber3\nend')))).toEqual(['über', 'end']);
  });

  it('delivers records of no bytes', () => {
    expect(texts(new RecordIoDecoder().push(bytes('0\n1\na0\n')))).toEqual(['', 'a', '']);
  });

  it('says so when the stream ends inside a record or a length', () => {
    const inRecord = new RecordIoDecoder();
    inRecord.push(bytes('5\nhel'));
    expect(failure(() => inRecord.end())).toMatchObject({
      reason: 'truncated',
      retryable: true,
      subscriptionLost: true,
    });
    const inLength = new RecordIoDecoder();
    inLength.push(bytes('5'));
    expect(failure(() => inLength.end())).toMatchObject({ code: 'MESOS_RECORDIO', reason: 'truncated' });
  });

  it('hands over the whole records before a broken length, and then refuses everything', () => {
    const decoder = new RecordIoDecoder();
    const error = failure(() => decoder.push(bytes('2\nok<html>\n')));
    expect(error.reason).toBe('header');
    expect(texts(error.records)).toEqual(['ok']);
    expect(failure(() => decoder.push(bytes('2\nok'))).records).toEqual([]);
  });

  it('allocates for the bytes that arrive, not for those that are claimed', () => {
    const decoder = new RecordIoDecoder({ maxRecordBytes: Number.MAX_SAFE_INTEGER });
    expect(decoder.push(bytes('9007199254740991\nfew'))).toEqual([]);
    expect(failure(() => new RecordIoDecoder({ maxRecordBytes: 10 }).push(bytes('11\n'))).reason).toBe('oversized');
  });

  it('collects a record of many chunks', () => {
    const record = Buffer.alloc(300_000, 'x');
    const stream = encodeRecord(record);
    const decoder = new RecordIoDecoder();
    const decoded: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += 1000) decoded.push(...decoder.push(stream.subarray(at, at + 1000)));
    expect(decoded).toHaveLength(1);
    expect(record.equals(decoded[0]!)).toBe(true);
  });
});
