// Package rt is what cells in the normal form (interp/lower/normal) call: the compiled halves of the
// constructs that the interpreter yaegi does not run right, and the task runtime in a shape that
// interpreted code can use, without type parameters.
//
// # Conventions
//
// A site is a task.Site as a plain number; it comes first. Values whose type a helper cannot name move
// through pointers in an any. A helper that fails panics exactly as Go does: it performs the failing
// operation in compiled code, so the value is a genuine runtime.Error with Go's text.
//
// # Panics and where they come from
//
// An interpreted function has no Go frame that names it. So a helper that is about to panic notes its
// site for the goroutine, and while the panic unwinds, the interpreter's log (see Log) adds the
// functions it leaves. At the top, where a task began, Guard hands value and frames over to the task
// runtime as a task.Thrower.
package rt
