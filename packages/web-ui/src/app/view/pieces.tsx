import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import type { Problem } from '../data/problem.js';
import type { Cell } from '../model/kind.js';
import type { Tone } from '../model/pod.js';

const marks: Readonly<Record<Tone, string>> = { good: '●', busy: '◐', bad: '▲', done: '✓', idle: '○' };

/** A state in words; colour and sign only repeat it. */
export function State({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`state ${tone}`}>
      <span aria-hidden="true">{marks[tone]}</span> {children}
    </span>
  );
}

export function CellView({ cell }: { cell: Cell | string }) {
  if (typeof cell === 'string') return <span title={cell}>{cell}</span>;
  const content = cell.tone === undefined ? cell.text : <State tone={cell.tone}>{cell.text}</State>;
  return cell.href === undefined ? <span title={cell.text}>{content}</span> : <Link href={cell.href}>{content}</Link>;
}

const titles: Readonly<Record<Problem['kind'], string>> = {
  'signed out': 'You are signed out',
  forbidden: 'You may not see this',
  absent: 'This is not there',
  failed: 'The server could not answer',
  unreachable: 'Connection lost, trying again',
};

/** A connection that is lost for no longer than so many milliseconds is not worth a word. */
const BLINK = 1_000;

/** Why something is missing or old, and what there is to do. */
export function Notice({ what, problem }: { what: string; problem: Problem }) {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLasts(true), BLINK);
    return () => clearTimeout(timer);
  }, []);
  if (problem.kind === 'unreachable' && !lasts) return null;
  return (
    <div class={`notice ${problem.kind === 'unreachable' ? 'busy' : 'bad'}`} role="status">
      <strong>
        {what}: {titles[problem.kind]}.
      </strong>{' '}
      <span>{problem.message}</span>
      {problem.kind === 'signed out' && (
        <button type="button" onClick={() => location.reload()}>
          Sign in
        </button>
      )}
    </div>
  );
}

export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== '' && value !== null)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Labels({ labels = {} }: { labels?: Readonly<Record<string, string>> | undefined }) {
  const entries = Object.entries(labels);
  if (entries.length === 0) return <>(none)</>;
  return (
    <ul class="labels">
      {entries.map(([key, value]) => (
        <li key={key}>
          {key}={value}
        </li>
      ))}
    </ul>
  );
}

/** A part of a page below its title. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <header class="section">
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

/** A short table that is drawn whole; the first cell of a row names it. */
export function PlainTable(props: {
  titles: readonly string[];
  rows: readonly { key: string; cells: readonly ComponentChildren[] }[];
  /** Said in place of a table without rows. */
  empty?: string;
}) {
  if (props.rows.length === 0) return <p class="quiet">{props.empty}</p>;
  return (
    <div class="scroll">
      <table class="plain">
        <thead>
          <tr>
            {props.titles.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map(({ key, cells: [first, ...rest] }) => (
            <tr key={key}>
              <th scope="row">{first}</th>
              {rest.map((cell, index) => (
                <td key={props.titles[index + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
