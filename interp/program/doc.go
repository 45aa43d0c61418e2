// Package program makes an ordinary Go program of a cell and of what it needs of earlier cells, builds it
// with the plain Go toolchain, runs it, and reads what it says. It is what the cell magics race, native,
// bench and test stand on.
//
// # What a program holds
//
// A [Book] is told of every cell that has run. [Book.Program] takes the checked body of a magic's cell and
// writes one file: the functions, methods, types, constants and variables of earlier cells that the body uses,
// directly or not, then the body. The text is the user's own, under line directives, so that compiler
// messages, stack traces and race reports speak of cells. Nothing of gobraid is in the program, unless the
// cell uses the package concurrency, which works in any program.
//
// Statements become the body of main, and variables they define local variables of it, except those that
// functions of the same cell mention: these are declared at package level. A body with a function main is a
// program as it stands. A trailing expression is printed with fmt.Println.
//
// The program does not share memory with the session. A variable of an earlier cell is initialised again, by
// the initialiser in its definition; what later statements did to it is not done again. Each such variable
// is listed in [Program.Notes]. One is not: a variable that is declared without a function and then given one, once,
// has it in the program. Initialisers run in the order that Go gives package-level variables, which is that of the cells
// but for what depends on later cells; those that mention themselves, and what needs them, in init functions.
//
// Of a name that several cells declare, the program keeps apart the versions that are still in use: the
// latest has the name, an older one is called after its cell, as in counter_cell2. So is one that would hide one of
// Go's own names.
//
// # Building
//
// A [Builder] runs compiler and linker themselves. The go command is asked, once for each set of packages,
// where the compiled packages lie; it compiles what is missing. A small program is built in about 0.15 s, with the
// race detector too. What was built is kept, so a cell that has not changed is only run.
package program
