export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * The script that makes a shell ask this program what may stand at the cursor. `program`: the words with which the
 * shell starts it, safe as printed. The program answers with the kind on the first line, then one candidate per line,
 * its description after a tab.
 */
export function completionScript(shell: Shell, program: string): string[] {
  return SCRIPTS[shell](program).trim().split('\n');
}

const SCRIPTS: Readonly<Record<Shell, (program: string) => string>> = { bash, zsh, fish };

/** Several candidates are shown with their descriptions, which readline never inserts: their beginnings differ before. */
function bash(program: string): string {
  return `
# csa completion for bash. Load it: source <(csa completion bash)
_csa_complete() {
  local IFS=$'\\n' kind='' word about
  local -a words=() shown=()
  COMPREPLY=()
  while IFS=$'\\t' read -r word about; do
    if [[ -z $kind ]]; then
      kind=$word
    else
      words+=("$word")
      shown+=("$word\${about:+  ($about)}")
    fi
  done < <(${program} completion --words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  case $kind in
    words)
      if ((\${#words[@]} == 1)) || [[ $COMP_TYPE == 37 || $COMP_TYPE == 42 ]]; then
        COMPREPLY=("\${words[@]}")
      else
        COMPREPLY=("\${shown[@]}")
      fi
      ;;
    files) compopt -o filenames; COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")) ;;
    directories) compopt -o filenames; COMPREPLY=($(compgen -d -- "\${COMP_WORDS[COMP_CWORD]}")) ;;
    programs) COMPREPLY=($(compgen -c -- "\${COMP_WORDS[COMP_CWORD]}")) ;;
  esac
}
complete -F _csa_complete csa
`;
}

function zsh(program: string): string {
  return `
#compdef csa
# csa completion for zsh. Load it, after compinit: source <(csa completion zsh)
_csa() {
  local kind='' word about
  local -a described
  while IFS=$'\\t' read -r word about; do
    if [[ -z $kind ]]; then
      kind=$word
    else
      described+=("\${word//:/\\\\:}\${about:+:$about}")
    fi
  done < <(${program} completion --words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  case $kind in
    words) _describe -V csa described ;;
    files) _files ;;
    directories) _files -/ ;;
    programs) _command_names -e ;;
  esac
}
compdef _csa csa
`;
}

function fish(program: string): string {
  return `
# csa completion for fish. Load it: csa completion fish | source
function __csa_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l lines (${program} completion --words -- $words[2..-1] 2>/dev/null)
    switch "$lines[1]"
        case words
            test (count $lines) -gt 1; and printf '%s\\n' $lines[2..-1]
        case files
            __fish_complete_path (commandline -ct)
        case directories
            __fish_complete_directories (commandline -ct) ''
        case programs
            __fish_complete_command
    end
end
complete -c csa -f -a '(__csa_complete)'
`;
}
