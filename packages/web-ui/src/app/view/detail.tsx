import type { ComponentChildren } from 'preact';
import { Link } from 'wouter-preact';
import type { Followed } from '../data/problem.js';
import { Notice } from './pieces.js';

/** One thing: where it is found, what is wrong with the connection, and the thing itself if it is known. */
export function Detail(props: {
  /** Of the list that it is in: its place and its title. */
  list: { href: string; title: string };
  /** Its namespace, where it has one. */
  space?: string;
  name: string;
  /** Whom it is from, and his name. */
  source: Followed;
  of: string;
  /** Said when there is no such thing. */
  unknown: string;
  /** Undefined when there is none. */
  children: ComponentChildren;
}) {
  const { list, space = '', name, of, unknown, children } = props;
  const { problem, complete } = props.source;
  return (
    <>
      <nav aria-label="Where you are" class="trail">
        <Link href={list.href}>{list.title}</Link> / {space === '' ? '' : `${space} / `}
        <span aria-current="page">{name}</span>
      </nav>
      {problem.value && <Notice what={of} problem={problem.value} />}
      {children ?? (
        <p class="empty" role="status">
          {complete.value ? unknown : problem.value ? '' : 'Loading…'}
        </p>
      )}
    </>
  );
}
