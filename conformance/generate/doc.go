// Package generate writes random Go programs whose output the language fixes, and makes small what goes wrong in one.
//
// A program is made of functions that do random things to random types and print what came of it. Types are tracked, so it
// builds. What Go leaves open does not happen in it:
//
//   - a statement calls at most one function of the program that changes something, with operands that nothing changes;
//   - at most one operand of a statement can panic, so that it does not matter which would be first;
//   - a slice that others share is only appended to when it is full, so nothing depends on capacities;
//   - maps are ranged over by sums only, and no pointer, function or channel is printed;
//   - tasks meet at channels, locks and wait groups, in forms whose outcome is fixed.
//
// Each program uses some features of the language and not others, drawn by its seed: what one feature hides, such as a
// refusal, does not hide in all of them.
//
// [Cells] splits what a program declares and does into the cells of a session, some of which declare a name again. What
// they must print is what one program prints in which each new declaration has a name of its own.
package generate
