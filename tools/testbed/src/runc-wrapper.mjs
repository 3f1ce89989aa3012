import { chmodSync, writeFileSync } from 'node:fs';

/**
 * Writes a runtime that is runc less one capability. A machine that may not give CAP_SYS_RESOURCE away cannot start privileged
 * containers, since the engine asks for every capability it knows of; without that one they start.
 * runc reads capabilities from the bundle's `config.json` when it creates a container, and from the file of `--process` at an exec.
 * A shell script, since it runs at every step of every container: a Node process would cost each of them 40 ms.
 * @param {string} path
 */
export function writeRuncWrapper(path, runc = '/usr/sbin/runc') {
  writeFileSync(
    path,
    `#!/bin/sh
bundle=.
process=
previous=
command=
for argument; do
  case $previous in
    --bundle|-b) bundle=$argument ;;
    --process|-p) process=$argument ;;
  esac
  case $argument in
    create|run|exec) [ -n "$command" ] || command=$argument ;;
    --bundle=*) bundle=\${argument#--bundle=} ;;
    --process=*) process=\${argument#--process=} ;;
  esac
  previous=$argument
done
case $command in
  create|run) file=$bundle/config.json ;;
  exec) file=$process ;;
  *) file= ;;
esac
if [ -n "$file" ] && [ -f "$file" ]; then
  sed -i -e 's/"CAP_SYS_RESOURCE", *//g' -e 's/, *"CAP_SYS_RESOURCE"//g' -e 's/"CAP_SYS_RESOURCE"//g' "$file"
fi
exec ${runc} "$@"
`,
  );
  chmodSync(path, 0o755);
}
