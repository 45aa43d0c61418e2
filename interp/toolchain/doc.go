// Package toolchain finds the Go toolchain and gobraid's own sources, and runs the compiler and linker
// themselves, without the go command between. The compiled engine builds cells with it, package program
// ordinary programs.
package toolchain
