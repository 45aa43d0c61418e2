// Package thin links plugins that hold only what is their own.
//
// The Go linker puts all that a plugin imports into the plugin, the runtime and fmt among it, although the
// dynamic linker then takes every symbol from the executable that loads it: some six megabytes for each cell, and
// thousands of relocations at each load. The linker can link against shared libraries instead, which the
// executable is not. So the linker is given a library made for each plugin, with just the symbols the plugin
// refers to ([Linker.Prepare] writes it): what the executable and the plugins loaded before it export.
//
// Two things have to be changed for that. The compiler refers to symbols of packages that were not compiled
// for shared libraries by their index in the package's object file, so the cell's object file gets references by
// name (object.go). And the linker calls the functions of a shared library by names that say their calling
// convention, which the linked plugin is made to forget (Finish).
//
// What does not fit, such as a symbol that nothing loaded has, is an error: the plugin is then linked with all that
// it imports. The format of object files is the toolchain's own; a version that is not known is such an error too.
package thin
