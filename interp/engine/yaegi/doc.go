// Package yaegi is the engine that interprets cells, in this process and at once.
//
// It runs what interp/lower/normal has a rule for, and refuses the rest with an *engine.Refusal that
// names the construct and its position; an answer that Go would not give is a defect. The interpreter
// is yaegi v0.16.1; what it does not run right never reaches it. Its steps are made faster by package steps.
//
// # The way of a cell
//
// Lowering gives two files. The first declares the struct types of the cell and an allocator for each
// variable; it is evaluated, the variables are made, and their pointers become symbols. The second
// declares the functions and one more, the entry, which has the statements in it. Evaluating
// declarations runs nothing: the entry is then called through reflect, by Program.Run, on the main task
// of the run. So nothing is ever evaluated twice, and yaegi's own notion of a cell is never used.
//
// Names are never used again in a session, so what a later cell declares anew takes nothing away from
// what was made before.
//
// # Other engines
//
// Types, functions and variables that compiled cells declared become symbols when a cell first uses them: foreign.go. What they
// recover of interpreted code, and the other way, is what Go says: package rt, ForCompiled. Maps hash alike: hash.go.
//
// # Tracebacks
//
// A panic that leaves an interpreted function is taken on its way by package steps, which knows the step that was under way and so the line, at no cost
// before that: the language's own panics, those of compiled functions and the calls between have the lines that Go gives them.
//
// # Costs
//
// A cell such as 1+1 is prepared and run in about a tenth of a millisecond; see the benchmarks. Packages
// are given to the interpreter when a cell first uses them.
//
// # Races
//
// The interpreter is not free of data races by Go's memory model: interpreted code reads the task
// runtime's stop word without synchronisation, and calls of one function from several goroutines meet in
// the interpreter's tree. Tests that start goroutines in interpreted code are therefore left out when
// the race detector is on; they say so.
package yaegi
