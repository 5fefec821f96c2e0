/**
 * Metric families in the Prometheus protobuf format (`io.prometheus.client`, metrics.proto), each
 * preceded by its length: what the metrics receiver of protocol §4.15 reads.
 */

import type { MetricObjectWithValues, MetricValue, MetricValueWithName } from 'prom-client';

export type MetricFamily = MetricObjectWithValues<MetricValue<string>>;

/** Field numbers and types of metrics.proto. */
const FAMILY = { name: 1, help: 2, type: 3, metric: 4 };
const METRIC = { label: 1, gauge: 2, counter: 3, timestampMs: 6, histogram: 7 };
const LABEL = { name: 1, value: 2 };
const NUMBER = { value: 1 };
const HISTOGRAM = { sampleCount: 1, sampleSum: 2, bucket: 3 };
const BUCKET = { cumulativeCount: 1, upperBound: 2 };
const TYPE: Readonly<Record<string, number>> = { counter: 0, gauge: 1, histogram: 4 };

type Bytes = number[];

/** Families of other types than counter, gauge and histogram are left out: the server has none. */
export function encodeFamilies(families: readonly MetricFamily[], timestampMs: number): Uint8Array {
  const out: Bytes = [];
  for (const family of families) {
    if (TYPE[String(family.type)] === undefined) continue;
    const body = encodeFamily(family, timestampMs);
    varint(out, BigInt(body.length));
    append(out, body);
  }
  return Uint8Array.from(out);
}

function encodeFamily(family: MetricFamily, timestampMs: number): Bytes {
  const out: Bytes = [];
  const type = String(family.type);
  text(out, FAMILY.name, family.name);
  text(out, FAMILY.help, family.help);
  integer(out, FAMILY.type, BigInt(TYPE[type]!));
  const series = type === 'histogram' ? histograms(family) : plain(family, type);
  for (const metric of series) {
    integer(metric, METRIC.timestampMs, BigInt(timestampMs));
    message(out, FAMILY.metric, metric);
  }
  return out;
}

function plain(family: MetricFamily, type: string): Bytes[] {
  return family.values.map(({ labels, value }) => {
    const metric: Bytes = [];
    writeLabels(metric, labels);
    const number: Bytes = [];
    double(number, NUMBER.value, value);
    message(metric, type === 'gauge' ? METRIC.gauge : METRIC.counter, number);
    return metric;
  });
}

interface Series {
  labels: Record<string, string | number>;
  buckets: { upperBound: number; count: number }[];
  sum: number;
  count: number;
}

/** prom-client lists a histogram as flat samples; they are grouped by their labels without `le`. */
function histograms(family: MetricFamily): Bytes[] {
  const bySeries = new Map<string, Series>();
  for (const sample of family.values as MetricValueWithName<string>[]) {
    const { le, ...labels } = sample.labels as Record<string, string | number>;
    const key = JSON.stringify(Object.entries(labels).sort());
    const series = bySeries.get(key) ?? { labels, buckets: [], sum: 0, count: 0 };
    bySeries.set(key, series);
    if (sample.metricName === `${family.name}_sum`) series.sum = sample.value;
    else if (sample.metricName === `${family.name}_count`) series.count = sample.value;
    else {
      const upperBound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
      series.buckets.push({ upperBound, count: sample.value });
    }
  }
  return [...bySeries.values()].map(encodeHistogram);
}

function encodeHistogram({ labels, buckets, sum, count }: Series): Bytes {
  const metric: Bytes = [];
  writeLabels(metric, labels);
  const histogram: Bytes = [];
  integer(histogram, HISTOGRAM.sampleCount, BigInt(count));
  double(histogram, HISTOGRAM.sampleSum, sum);
  for (const { upperBound, count: cumulative } of buckets) {
    const bucket: Bytes = [];
    integer(bucket, BUCKET.cumulativeCount, BigInt(cumulative));
    double(bucket, BUCKET.upperBound, upperBound);
    message(histogram, HISTOGRAM.bucket, bucket);
  }
  message(metric, METRIC.histogram, histogram);
  return metric;
}

function writeLabels(out: Bytes, labels: Partial<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(labels)) {
    const pair: Bytes = [];
    text(pair, LABEL.name, name);
    text(pair, LABEL.value, String(value));
    message(out, METRIC.label, pair);
  }
}

const WIRE = { varint: 0, fixed64: 1, bytes: 2 };

function tag(out: Bytes, field: number, wire: number): void {
  out.push((field << 3) | wire);
}

function integer(out: Bytes, field: number, value: bigint): void {
  tag(out, field, WIRE.varint);
  varint(out, value);
}

function double(out: Bytes, field: number, value: number): void {
  tag(out, field, WIRE.fixed64);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  out.push(...bytes);
}

function text(out: Bytes, field: number, value: string): void {
  message(out, field, [...new TextEncoder().encode(value)]);
}

function message(out: Bytes, field: number, body: Bytes): void {
  tag(out, field, WIRE.bytes);
  varint(out, BigInt(body.length));
  append(out, body);
}

/** Not `push(...body)`: a family may be larger than an argument list. */
function append(out: Bytes, body: Bytes): void {
  for (const byte of body) out.push(byte);
}

function varint(out: Bytes, value: bigint): void {
  let rest = value;
  while (rest >= 0x80n) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
}
