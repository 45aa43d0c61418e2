// Package compiled is the engine that gives a cell to the Go compiler and loads what comes out into
// the running process, as a plugin. It runs all of Go at native speed; it needs a Go toolchain of the
// release that built gobraid, cgo, and Linux or macOS.
//
// The package a cell was lowered to (see package lower) is compiled and linked by the compiler and
// linker themselves, without the go command between: about 0.2 s for a small cell, however many
// cells came before. The go command is asked once where the compiled standard library and gobraid's
// own packages lie; [Engine.Warm] does that ahead of time, and compiles them on a new machine.
//
// [Engine.PrepareLater] does that in the background: a package's import path, all that later cells need to name what is in it, is
// known before it is built. Half as many are built at once as there are processors, but what somebody waits for goes first.
//
// A plugin holds only what is its own, some 20 to 60 KB; for the rest it is linked against the running binary: see
// package thin. 200 cells take 30 MB of memory, and as many file descriptors as one. GOBRAID_PLUGINS=whole has every plugin
// hold all it imports, some 6 MB. The program tests/scale measures that.
//
// What is built stays in a cache of limited size, see package cache. A session goes on when its cells are taken out of it.
//
// Host and plugin must have been built the same way. The build settings of the running binary say
// how: with -trimpath, gobraid's sources come from the binary itself and are unpacked into the cache,
// so it does not matter where it was built; without, from where it was built.
//
// A cell's import path is a hash of its lowered source and of everything it was built with. A cell
// whose text and surroundings have not changed is therefore neither built nor loaded again, and one
// that an earlier session has built is only loaded.
package compiled
