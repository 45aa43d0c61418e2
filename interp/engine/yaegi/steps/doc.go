// Package steps makes interpreted code faster, by giving the interpreter yaegi v0.16.1 other steps for what programs do most.
//
// # Why
//
// The interpreter makes a tree of nodes of a program, and a function for each node: a step, which does the node's work and
// returns the next step. All work is done with package reflect: i < n asks two values for their kinds, a call of a compiled
// function packs its arguments into a list and has reflect.Value.Call unpack them (some 250 ns), and a call of an interpreted function
// allocates each variable and intermediate value of it apart. Most of that is known when the step is made.
//
// # How
//
// [Improve] comes between the compilation of a file and its execution, when the interpreter makes the steps. It has each node
// make the step it would have made, and then puts one of its own in its place, which
//
//   - looks whether the values at hand are of the types it is for, which takes a comparison of a word for each,
//   - does the work on the memory of the variables, if so, and
//   - calls the interpreter's own step, if not, before it has changed anything.
//
// So a step that does not know what to do leaves it to the interpreter, which panics as it always has. What is replaced:
// calculating and comparing numbers, counting and the test of a loop, elements of slices and arrays, pointers,
// assignments of values of one type, ranges over slices, the check of an index and of the stop word, calls of declared functions and
// of function literals, and calls of the compiled functions that the engine lists.
//
// A call takes a frame that was used before, if no literal in the function may keep it, and one block of memory for all
// variables, which is never used again.
//
// The text that package normal writes does not depend on it: it means the same with and without.
//
// # What it rests on
//
// None of this is in the interpreter's interface: the package knows how its types lie in memory, and that of a reflect.Value.
// [Check] compares the layouts, field by field, when the program starts; if one differs, nothing is replaced, the engine
// is right and slow, and the tests of this package say so. It can be deleted with package normal.
//
// # Costs
//
// By BenchmarkOperations of the engine, as parts of the time of the bare interpreter, with what is lowered: a loop 0.45, a sieve
// and a multiplication of matrices 0.6, a call of a function 0.25, of a method or a closure 0.1, a send or receive 0.6. Improve takes
// some 100 ns for a node.
package steps
