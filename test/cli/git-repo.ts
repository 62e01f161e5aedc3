import { execFileSync } from 'node:child_process'

/** Runs git in a folder, as an author who exists nowhere. */
export function git(cwd: string, ...argv: readonly string[]): string {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com']
  return execFileSync('git', [...author, ...argv], { cwd, encoding: 'utf8', stdio: 'pipe' })
}

/** Makes a folder a repository with everything in it committed on `main`; runs stay out of it. */
export function committed(cwd: string): string {
  git(cwd, 'init', '-q', '-b', 'main')
  git(cwd, 'add', '--', '.', ':!agent-eval-results')
  git(cwd, 'commit', '-q', '-m', 'first')
  return cwd
}
