import { type Problem, type ProblemCode, problem } from '../../domain/wire/problem.ts'

/** A refusal on its way to whoever asked; every door tells it in the same shape. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(code: ProblemCode, message: string, data?: unknown) {
    super(message)
    this.name = 'ProblemError'
    this.problem = problem(code, message, data)
  }
}
