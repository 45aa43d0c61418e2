// Package cases runs the cells in ../testdata/cells through both engines, in a session process of the
// real program, and compares with what the cells themselves say. It holds nothing but tests.
//
// A case is a txtar archive: what it is about, then cells, run one after the other in one session.
//
//	Closures keep their variables.
//	native
//	-- cell 1 --
//	n := 0
//	inc := func() int { n++; return n }
//	-- cell 2 --
//	inc() //= 1
//	n / (n - 1) //! Panic: runtime error: integer divide by zero
//
// A part called "file NAME" is written into the session's folder before the cell that follows it runs.
//
// Comments of these forms say what must happen. Nothing else may:
//
//	//> text    the next line of standard output of this cell
//	//2> text   the next line of standard error
//	//d> text   the next line of what the cell displays, as text. A … in it stands for any text, or none
//	//= text    the next line of the cell's result as text
//	//! N: text the error N at this line; its message contains the text. A cell that does not check
//	            has one for each error. N is a name such as CompileError (interp.Err…).
//	//? text    something the traceback contains
//
// The statistics of a run (see %stats) are not compared, since whether they are worth a line depends on the machine.
//
// Output is compared when all cells have run, so what a goroutine prints later is told under its own cell.
//
// Each case runs in three sessions: all cells compiled; every cell interpreted that the interpreter does
// not refuse, the others compiled, until one needs a type that only the interpreter has; and as the engine
// auto decides. Words above the cells change that, each on a line:
//
//	native      the cells put together into one program print the same when the Go toolchain runs it
//	interpreted the interpreter refuses none of the cells
//	compiled    the case is for the compiled engine only
//
// After its number a cell may say "yaegi" or "compiled", the engine it needs in every session, and
// "interrupt": it is interrupted when its first output comes. "leaves" says that it leaves tasks
// behind and that what is said of them is not compared: it depends on how far they have come. "until" says that what it displays depends on what other
// tasks have come to: it is run again, for some seconds, until that is what it is to be.
//
// Beside the cases, TestExamples runs the examples of gobraid's packages as interpreted cells, and TestVocabulary says each of their exported names in one.
package cases
