// Package normal rewrites checked cells into the normal form: the small part of Go that the
// interpreter yaegi v0.16.1 runs as Go means it.
//
// # Why
//
// yaegi gives wrong answers in ordinary Go: closures share variables, two goroutines in one select
// take each other's messages, a composite literal is shared by the loop that made it. Each of these
// is a form of the language, and each has a form beside it that means the same and that yaegi runs
// right. This package knows which, and refuses the rest: Lower returns a *Refusal for whatever it
// has no rule for, so a construct is only ever run because somebody wrote the rule, and a case
// compares it with the Go compiler.
//
// The package can be deleted the day yaegi is mended.
//
// # The subset
//
// Expressions: all operators; basic types; strings, slices, arrays, maps, channels,
// pointers, functions; composite literals, also with elided types, keys and &; index and slice
// expressions; conversions between basic types, strings, bytes and runes, named and unnamed slices,
// maps, functions and channels; constants with iota; assertions;
// function literals; method values and expressions (methodvalue.go); complex numbers (complex.go); all built-in functions.
//
// Statements: every one. Loops have their own variables for each iteration; range over integers, strings,
// slices, arrays, pointers to arrays, maps, channels and functions (rangefunc.go); goto (labels.go); type switches; defer in
// functions, literals and cells; recover wherever Go allows it (recover.go).
//
// Declarations: functions, variadic ones too, methods with value and pointer receivers, variables,
// constants, struct types, recursive or embedding, local or not, and named types of anything else,
// recursive ones too (made.go). A struct's promoted fields and methods. Generic functions, types,
// methods and aliases: an instance is the same one in all cells (instances.go). Recursive structs: recursive.go.
//
// The standard library: functions, methods and variables; its generic functions from their text
// (sources.go); of package reflect DeepEqual; package runtime only Gosched, GC, NumCPU, GOMAXPROCS and Version.
//
// Interfaces: interface types of cells, values of declared types in interfaces of cells and in those of the standard library
// that package rt has adapters for, methods through them, errors and Stringers of one's own, and how package fmt and package log
// show them, with every verb: see iface.go, dispatch.go and pass.go.
//
// Refused, among others: reflect, unsafe, and values of declared types for packages that look at types, such as
// encoding/json, unless a value of another type has one inside that only shows at run time: that is a panic with an
// rt.Unsupported.
//
// Types that compiled cells declared are those of a compiled package, with their unexported fields and methods: see foreign.go.
// Refused are those that are generic, and what in them is of a type for which the normal form has another: structs and interfaces
// without a name, variadic function types. A value of a type that an interpreted cell declared does not go into their interfaces.
//
// # The normal form
//
//   - Top-level functions and struct types only. Named types that are not structs are replaced by
//     what they are made of, fields get exported names, embedded fields become ordinary ones.
//   - Every name is unique in its cell; every constant is a typed literal; every conversion is
//     written out.
//   - A call stands alone in its statement. The calls of a statement come first, from left to right,
//     then the rest of it: the order in which the Go compiler works.
//   - What can panic is checked before (index, slice, division, shift, nil), so that the error is
//     Go's own runtime.Error with Go's text.
//   - A variable whose address is taken, or that a function literal captures and somebody changes,
//     lives in a box made by new. A function literal is what a top-level factory returns: it captures
//     the factory's parameters, which are values or boxes and never change.
//   - Loop variables in boxes are copied for each iteration.
//   - go, defer, select, channel operations, map iteration, assertions, comparison of interfaces and
//     of structs go through compiled helpers (package rt of the engine).
//   - Variables of cells live behind pointers, which are symbols of the package v.
//   - What may hold a minus zero is passed to declared functions by pointer: see zero.go.
//   - An interface type that a cell declares is interface{}. A value whose type reflect cannot name is in an interface as
//     an rt.V, which has the type beside the value, because the interpreter's types have no names; in an interface of a
//     compiled package it is in an adapter that has just the methods the user's type has.
//
// # Speed
//
// The interpreter takes some 10 ns for a step, five times that to define a variable, and 250 ns to call compiled code. Package steps
// of the engine replaces the most common steps and calls, without a change of the text. So:
//
//   - What loops define is declared before them and assigned in them, if it does not live in a box, and temporaries that are used
//     once, at once, are removed (tidy.go, case earlyvars).
//   - Inner loops that call nothing run in rounds of 64 iterations between two tests of the stop word, and without the checks
//     of indices where a test before the loop shows that they are in range (fastloop.go, case fastloop).
//   - Ranges over slices and maps of plain values are the interpreter's own, which it does right for them.
//   - Operations on channels of common types take and return values (channel.go, case channel).
//
// BenchmarkOperations of the engine compares each form with the interpreter alone.
//
// # Shape
//
// One recursive emitter walks the tree once, with the facts of a first walk (facts.go) and the types
// of go/types at hand, and writes text (val.go explains how expressions become statements). Every
// line keeps the position it came from.
//
// # Cases
//
// Each rule has a case in testdata, a txtar archive named after it: why the rule is there, a program,
// and what comes of it.
//
//	The arguments of a deferred call are evaluated by the defer statement. The interpreter …
//	-- main.go --
//	package main
//	…
//	-- normal count --
//	the normal form of the declared function count and of the literals in it
//	-- output --
//	what go run prints, and both engines
//	-- bare --
//	what the interpreter makes of the program without this package: the fault
//
// "normal" may name several functions, and types for the struct types. The names in it are made
// readable and positions are line:column, so a case changes only when its own functions do. "bare" may be "bare
// differs" for a fault that does not come every time, or may be left out where there is none to be seen. When the interpreter is mended
// the test of "bare" fails, and says which rule may go. What only cells have is shown with files "cell" instead of
// "main.go": they run in one session on both engines, and "normal" is of the cell before it.
//
// go test ./interp/lower/normal -update writes "normal", "output" (which go run gives, or who wrote the cells) and
// "bare". So a new case is written with empty ones, and read after -update. A change of a rule shows as a
// difference of its case.
package normal
