// Package assist completes and explains Go text for the writer of a cell, without running anything.
//
//	a := assist.New(runner.Names)
//	start, end, matches := a.Complete(ctx, "strings.Has", 11)
//	mime, ok := a.Inspect(ctx, "strings.HasPrefix", 11, 0)
//
// What is in scope comes from the session, as a list of [interp.Name] with the texts of their types.
// [Assistant.Learn] adds what that list does not hold: the methods of the session's own types, and type
// parameters. All else is found in the text of the cell and in the type data of the standard library, and for packages of modules
// in the files that the session names.
//
// # How
//
// The text up to the cursor is closed: a mark is put where the name at the cursor begins, and all
// brackets that are open are closed behind it. The result is parsed and type-checked, errors and all;
// what the checker found out about the surroundings of the mark is the answer. So the variables of
// functions that are being written, chains of calls and keys of composite literals need no rules of
// their own. Where the text is too broken for that, a package or a variable before a dot is still found
// by its name.
//
// What begins with a percent sign is a magic, and is completed with the magics there are. Inside strings
// and comments there is nothing to say, but for the paths of imports.
//
// # Costs
//
// A package is read when it is first asked about (fmt 0.1 ms, net/http 5 ms). After that an answer takes
// less than a millisecond for a cell of some ten lines.
//
// Cursors are counted in code points, as Jupyter does.
package assist
