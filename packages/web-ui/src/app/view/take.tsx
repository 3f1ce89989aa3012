import { useState } from 'preact/hooks';

/** Takes a text along: into the clipboard, or as a file. */
export function Take({ text, file }: { text: string; file: string }) {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      // Only pages that came encrypted, or from this machine, may.
      if (!isSecureContext) throw new Error('The browser lets only pages copy that came by https: select the text.');
      await navigator.clipboard.writeText(text);
      setSaid('Copied.');
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  const save = (): void => {
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    Object.assign(document.createElement('a'), { href: address, download: file }).click();
    URL.revokeObjectURL(address);
    setSaid('');
  };
  return (
    <>
      <button type="button" disabled={text === ''} onClick={() => void copy()}>
        Copy
      </button>
      <button type="button" disabled={text === ''} onClick={save}>
        Download
      </button>
      <span role="status">{said}</span>
    </>
  );
}
